// The C ABI over MpdpStepper. The caller has checked every size and index.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "guard.h"
#include "mpdp_mujoco.h"
#include "stepper.h"

extern "C" {

int32_t mpdp_mujoco_header_version(void) { return mjVERSION_HEADER; }

int32_t mpdp_mujoco_library_version(void) { return mj_version(); }

MpdpStepper* mpdp_mujoco_create(const char* model_file, const MpdpTask* task,
                                const double* healthy_low, const double* healthy_high,
                                int32_t size_healthy, int32_t count, int32_t threads, char* message,
                                int32_t message_size) {
  mpdp::install_handlers();
  auto stepper = std::make_unique<MpdpStepper>();
  stepper->task = *task;
  stepper->healthy_low.assign(healthy_low, healthy_low + size_healthy);
  stepper->healthy_high.assign(healthy_high, healthy_high + size_healthy);
  stepper->count = count;
  std::string problem;
  if (stepper->open(model_file, std::max(1, threads), problem)) return stepper.release();
  std::snprintf(message, message_size, "%s", problem.c_str());
  return nullptr;
}

void mpdp_mujoco_destroy(MpdpStepper* stepper) { delete stepper; }

void mpdp_mujoco_sizes(const MpdpStepper* stepper, int64_t* out) {
  const mjModel* m = stepper->model;
  const int64_t sizes[] = {
      m->nq, m->nv, m->nu, m->nbody, m->ngeom, stepper->observed, stepper->state_size()};
  std::copy(std::begin(sizes), std::end(sizes), out);
}

void mpdp_mujoco_facts(const MpdpStepper* stepper, double* low, double* high, double* qpos0,
                       double* out_dt) {
  const mjModel* m = stepper->model;
  for (int i = 0; i < static_cast<int>(m->nu); i++) {
    low[i] = m->actuator_ctrlrange[2 * i];
    high[i] = m->actuator_ctrlrange[2 * i + 1];
  }
  std::copy(m->qpos0, m->qpos0 + m->nq, qpos0);
  *out_dt = stepper->seconds_per_step();
}

int32_t mpdp_mujoco_reset(MpdpStepper* stepper, int32_t i, const double* qpos, const double* qvel,
                          float* observation) {
  return stepper->reset(i, qpos, qvel, observation);
}

int32_t mpdp_mujoco_step(MpdpStepper* stepper, const float* actions, float* observations,
                         float* rewards, uint8_t* terminated, uint8_t* status, double* detail) {
  stepper->actions = actions;
  stepper->observations = observations;
  stepper->rewards = rewards;
  stepper->terminated = terminated;
  stepper->status = status;
  stepper->detail = detail;
  return stepper->step_all();
}

void mpdp_mujoco_save(const MpdpStepper* stepper, int32_t i, double* state) {
  int size = stepper->state_size();
  std::memcpy(state, &stepper->states[static_cast<size_t>(i) * size], sizeof(double) * size);
}

void mpdp_mujoco_restore(MpdpStepper* stepper, int32_t i, const double* state) {
  int size = stepper->state_size();
  std::memcpy(&stepper->states[static_cast<size_t>(i) * size], state, sizeof(double) * size);
}

void mpdp_mujoco_message(MpdpStepper* stepper, char* message, int32_t message_size) {
  std::lock_guard<std::mutex> lock(stepper->message_mutex);
  std::snprintf(message, message_size, "%s", stepper->message.c_str());
}

void mpdp_mujoco_geom_shapes(const MpdpStepper* stepper, int32_t* type, double* size) {
  const mjModel* m = stepper->model;
  std::copy(m->geom_type, m->geom_type + m->ngeom, type);
  std::copy(m->geom_size, m->geom_size + 3 * m->ngeom, size);
}

int32_t mpdp_mujoco_geom_poses(MpdpStepper* stepper, int32_t i, double* position,
                               double* orientation) {
  const mjModel* m = stepper->model;
  mjData* data = stepper->data[0];
  const double* state = &stepper->states[static_cast<size_t>(i) * stepper->state_size()];
  std::copy(state, state + m->nq, data->qpos);
  if (!mpdp::guarded([&] { mj_kinematics(m, data); })) return MPDP_STATUS_ENGINE_ERROR;
  std::copy(data->geom_xpos, data->geom_xpos + 3 * m->ngeom, position);
  std::copy(data->geom_xmat, data->geom_xmat + 9 * m->ngeom, orientation);
  return MPDP_STATUS_GOOD;
}

void mpdp_mujoco_raise(MpdpStepper* stepper, int32_t i) { stepper->raise[i] = 1; }

}  // extern "C"
