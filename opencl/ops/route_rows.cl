// Gives each row a random elite member and sorts rows by member, stably; see
// mpdp.backend.op.RouteRows. Rows are counted by member in chunks of 64; a row's place is all rows
// of smaller members and those of its member in the chunks before, which a scan of the counts
// gives, and those before it in its chunk.
#define OP op_route_rows
#include "common.clh"
#include "philox.clh"
#include "scan.clh"

#define CHUNK 64

#define OPERANDS                                                                   \
  __global const int *elites,     /* (eliteCount) */                               \
      __global const int *random, /* (4) */                                        \
      __global const int *count,  /* (1) or null */                                \
      __global const int *root,   /* (rows) or null */                             \
      __global const int *kept,   /* (rows) or null: members by root, not drawn */ \
      __global int *order,        /* (rows) */                                     \
      __global int *place,        /* (rows) or null */                             \
      __global int *offsets,      /* (members + 1) */                              \
      __global int *chosen,       /* (rows) */                                     \
      __global int *scratch,      /* (members, chunks) and the sum of all */       \
      const Call call

__kernel GROUP(64) void route_rows_choose(OPERANDS) {
  elites = AT(elites);
  random = AT(random);
  count = AT(count);
  root = AT(root);
  kept = AT(kept);
  chosen = AT(chosen);
  int row = get_global_id(0);
  if (row >= present_rows((int)INTEGER(rows), count)) return;
  uint site = (uint)INTEGER(site);
  int drawn = root ? root[row] : row;
  chosen[row] = kept ? kept[drawn]
                     : elites[draw_choice(random, site, (uint)drawn, (int)INTEGER(elite_count))];
}

// One item per (chunk, member).
__kernel GROUP(64) void route_rows_count(OPERANDS) {
  count = AT(count);
  chosen = AT(chosen);
  int members = (int)INTEGER(members), rows = (int)INTEGER(rows);
  int present = present_rows(rows, count), item = get_global_id(0), total = 0;
  int chunk = item / members, first = chunk * CHUNK, member = item % members;
  if (first >= rows) return;
  for (int row = first; row < min(present, first + CHUNK); row++) {
    total += chosen[row] == member ? 1 : 0;
  }
  scratch[member * ((rows + CHUNK - 1) / CHUNK) + chunk] = total;
}

__kernel GROUP(64) void route_rows_scan(OPERANDS) {
  __local int work[64];
  int members = (int)INTEGER(members), rows = (int)INTEGER(rows);
  exclusive_sums(scratch, members * ((rows + CHUNK - 1) / CHUNK), work);
}

__kernel GROUP(64) void route_rows(OPERANDS) {
  count = AT(count);
  order = AT(order);
  place = AT(place);
  offsets = AT(offsets);
  chosen = AT(chosen);
  int members = (int)INTEGER(members), rows = (int)INTEGER(rows), row = get_global_id(0);
  int chunks = (rows + CHUNK - 1) / CHUNK;
  if (row <= members) offsets[row] = scratch[row * chunks];
  if (row >= present_rows(rows, count)) return;
  int member = chosen[row], at = scratch[member * chunks + row / CHUNK];
  for (int r = row / CHUNK * CHUNK; r < row; r++) at += chosen[r] == member ? 1 : 0;
  order[at] = row;
  if (place) place[row] = at;
}
