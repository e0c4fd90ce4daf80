// How the rows of an ensemble become tasks: tiles of rows of one member.
#pragma once
#include "mpdp/mlp.h"
#include "mpdp/team.h"

namespace mpdp::MPDP_ISA {
namespace {

// Rows of which two activation matrices, in and out of a layer, fit the second-level cache.
constexpr int64_t kTileBytes = 512 << 10;
MPDP_INLINE int64_t largest_tile(const Mlp& mlp) {
  int64_t rows = kTileBytes / static_cast<int64_t>(2 * sizeof(float)) / padded(mlp.widest());
  int64_t blocks = rows / kBlockRows;
  return (blocks < 4 ? 4 : blocks > 43 ? 43 : blocks) * kBlockRows;
}

// Rows of a tile: at most `largest`, a multiple of the register block, and few enough that the
// threads' shares of the `members` x tiles differ by little.
MPDP_INLINE int64_t tile_rows(int64_t rows, int64_t members, int64_t threads, int64_t largest) {
  int64_t tiles = (rows + largest - 1) / largest, most = (rows + kBlockRows - 1) / kBlockRows;
  for (; threads > 1 && tiles < most; tiles++) {
    int64_t tasks = tiles * members, turns = (tasks + threads - 1) / threads;
    if (tasks >= threads && 10 * (turns * threads - tasks) <= tasks) break;
  }
  int64_t tile = tiles == 0 ? 1 : (rows + tiles - 1) / tiles;
  return round_up(tile < 1 ? 1 : tile, kBlockRows);
}

// Where every member has all rows, all tiles are alike. Routed rows are as many as fall to a
// member, and lie in the order of members: each thread is at home at its part of them all, so a
// member is divided only where one part ends and the next begins, or where a tile would be too
// large. Every tile reads all of its member's weights.
class RowTiles {
 public:
  RowTiles(const Mlp& mlp, int64_t rows, int64_t members, int64_t threads)
      : members_(members),
        rows_(rows),
        threads_(threads),
        largest_(tile_rows(rows, members, threads, largest_tile(mlp))) {}
  static RowTiles routed(const Mlp& mlp, int64_t rows, int64_t threads) {
    RowTiles tiles(mlp, rows, 1, threads);
    tiles.routed_ = true;
    tiles.largest_ = largest_tile(mlp);
    return tiles;
  }
  // Makes tiles multiples of `grain` rows; not for routed rows, whose tiles end where members do.
  void round(int64_t grain) { largest_ = round_up(largest_, grain); }

  int64_t most_rows() const { return largest_ + kBlockRows; }
  // Rows of the tile that begins at `row` of a member whose rows end at `end`.
  int64_t count(int64_t row, int64_t end) const {
    if (!routed_) return end - row < largest_ ? end - row : largest_;
    int64_t part_end = (rows_ * (row * threads_ / rows_ + 1) + threads_ - 1) / threads_;
    int64_t left = end - row, count = end < part_end ? left : part_end - row;
    int64_t tiles = (count + largest_ - 1) / largest_;
    count = round_up((count + tiles - 1) / tiles, kBlockRows);
    return left - count < kBlockRows ? left : count;
  }
  // Home of the tile of `count` rows that begins at `row` of member m.
  int home(const Tasks& tasks, int64_t m, int64_t row, int64_t count) const {
    return routed_ ? tasks.home(0, 1, row + count / 2, rows_) : tasks.home(m, members_, row, rows_);
  }

 private:
  int64_t members_, rows_, threads_, largest_;
  bool routed_ = false;
};

}  // namespace
}  // namespace mpdp::MPDP_ISA
