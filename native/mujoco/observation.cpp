#include <algorithm>

#include "stepper.h"

namespace mpdp {
namespace {

double* copy(const double* values, int first, int last, double* out) {
  return first < last ? std::copy(values + first, values + last, out) : out;
}

double* copy_clipped(const double* values, int first, int last, double limit, double* out) {
  for (int i = first; i < last; i++) *out++ = std::clamp(values[i], -limit, limit);
  return out;
}

}  // namespace

int observation_size(const MpdpTask& task, const mjModel* model) {
  int bodies = model->nbody;
  int size = model->nq - task.skip_positions + model->nv;
  if (task.first_body >= 0) size += 16 * (bodies - task.first_body);
  if (task.first_actuator >= 0) size += model->nv - task.first_actuator;
  if (task.first_force >= 0) size += 6 * (bodies - task.first_force);
  return size;
}

// The order is Gymnasium's: qpos, qvel, cinert, cvel, qfrc_actuator, cfrc_ext.
void write_observation(const MpdpTask& task, const mjModel* model, const mjData* data,
                       double* out) {
  int bodies = model->nbody;
  int velocities = model->nv;
  out = copy(data->qpos, task.skip_positions, model->nq, out);
  out = copy_clipped(data->qvel, 0, velocities, task.velocity_clip, out);
  if (task.first_body >= 0) {
    out = copy(data->cinert, 10 * task.first_body, 10 * bodies, out);
    out = copy(data->cvel, 6 * task.first_body, 6 * bodies, out);
  }
  if (task.first_actuator >= 0) {
    out = copy(data->qfrc_actuator, task.first_actuator, velocities, out);
  }
  if (task.first_force >= 0) {
    copy_clipped(data->cfrc_ext, 6 * task.first_force, 6 * bodies, task.force_clip, out);
  }
}

// MuJoCo fills cfrc_ext only on request.
bool needs_forces(const MpdpTask& task) {
  return task.first_force >= 0 || task.contact_weight != 0;
}

}  // namespace mpdp
