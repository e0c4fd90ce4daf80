// The soft clamp of a raw log-variance into (min, max) (PETS):
//   upper = max - softplus(max - raw), lv = min + softplus(upper - min),
// with d lv / d raw = sigmoid(max - raw) sigmoid(upper - min) and the derivatives by the bounds.
#pragma once
#include "mpdp/math.h"

namespace mpdp::MPDP_ISA {

struct LogVariance {
  float value, by_raw, by_max, by_min;
};

inline LogVariance log_variance(float raw, float max, float min) {
  Softplus below = softplus_slope(max - raw);
  Softplus above = softplus_slope((max - below.value) - min);
  return {min + above.value, below.slope * above.slope, below.complement * above.slope,
          above.complement};
}

}  // namespace mpdp::MPDP_ISA
