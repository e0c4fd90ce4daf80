#include <algorithm>
#include <cmath>

#include "stepper.h"

namespace mpdp {
namespace {

double centre_of_mass(const mjModel* model, const mjData* data) {
  double moment = 0;
  double mass = 0;
  for (int body = 0; body < static_cast<int>(model->nbody); body++) {
    moment += model->body_mass[body] * data->xipos[3 * body];
    mass += model->body_mass[body];
  }
  return moment / mass;
}

double contact_cost(const MpdpTask& task, const mjModel* model, const mjData* data) {
  if (task.contact_weight == 0) return 0;
  double sum = 0;
  for (int i = 0; i < 6 * static_cast<int>(model->nbody); i++) {
    double force = std::clamp(data->cfrc_ext[i], -task.force_clip, task.force_clip);
    sum += force * force;
  }
  return std::fmin(task.contact_weight * sum, task.contact_maximum);
}

}  // namespace

// Body and mass positions are those of MuJoCo's last forward pass, so they lag qpos after a step.
double position(const MpdpTask& task, const mjModel* model, const mjData* data) {
  switch (task.position_kind) {
    case MPDP_POSITION_QPOS:
      return data->qpos[task.position_index];
    case MPDP_POSITION_BODY:
      return data->xpos[3 * task.position_index];
    case MPDP_POSITION_MASS:
      return centre_of_mass(model, data);
    default:
      return 0;
  }
}

Rewards reward(const MpdpTask& task, const mjModel* model, const mjData* data, double moved,
               double control_square, bool healthy) {
  double dt = model->opt.timestep * task.frame_skip;
  Rewards result;
  result.forward = task.forward_weight * moved / dt;
  result.control = task.control_weight * control_square;
  result.contact = contact_cost(task, model, data);
  result.survive = healthy || !task.survive_healthy ? task.survive_reward : 0;
  result.total = result.forward + result.survive - (result.control + result.contact);
  return result;
}

}  // namespace mpdp
