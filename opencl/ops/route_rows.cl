// Gives each row a random elite member and sorts rows by member, stably; see
// mpdp.backend.op.RouteRows. Rows are counted by member in chunks of 64; a row's place is all rows
// of smaller members and those of its member in the chunks before, which a scan of the counts
// gives, and those before it in its chunk.
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
  elites = AT(elites, 0);
  random = AT(random, 1);
  count = AT(count, 2);
  root = AT(root, 3);
  kept = AT(kept, 4);
  chosen = AT(chosen, 8);
  int row = get_global_id(0);
  if (row >= present_rows((int)call.integers[1], count)) return;
  uint site = (uint)call.integers[3];
  chosen[row] = kept ? kept[root ? root[row] : row]
                     : elites[draw_choice(random, site, (uint)row, (int)call.integers[2])];
}

// One item per (chunk, member).
__kernel GROUP(64) void route_rows_count(OPERANDS) {
  count = AT(count, 2);
  chosen = AT(chosen, 8);
  int members = (int)call.integers[0], rows = (int)call.integers[1];
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
  int members = (int)call.integers[0], rows = (int)call.integers[1];
  exclusive_sums(scratch, members * ((rows + CHUNK - 1) / CHUNK), work);
}

__kernel GROUP(64) void route_rows(OPERANDS) {
  count = AT(count, 2);
  order = AT(order, 5);
  place = AT(place, 6);
  offsets = AT(offsets, 7);
  chosen = AT(chosen, 8);
  int members = (int)call.integers[0], rows = (int)call.integers[1], row = get_global_id(0);
  int chunks = (rows + CHUNK - 1) / CHUNK;
  if (row <= members) offsets[row] = scratch[row * chunks];
  if (row >= present_rows(rows, count)) return;
  int member = chosen[row], at = scratch[member * chunks + row / CHUNK];
  for (int r = row / CHUNK * CHUNK; r < row; r++) at += chosen[r] == member ? 1 : 0;
  order[at] = row;
  if (place) place[row] = at;
}
