// The comparator of EnvironmentStep: mj_step alone, frame_skip times for each of a batch of mjData,
// on the same threads. What `mujoco.rollout` does: no observations, rewards, ends or resets.
#include <mujoco/mujoco.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "pool.h"

#define MPDP_API extern "C" __attribute__((visibility("default")))

namespace {

struct OpenLoop {
  mjModel* model = nullptr;
  std::vector<mjData*> data;  // one for each of the batch
  int frame_skip = 1;
  const float* actions = nullptr;  // (batch, nu) in (-1, 1)
  std::unique_ptr<mpdp::Pool> pool;

  ~OpenLoop() {
    pool.reset();
    for (mjData* one : data) mj_deleteData(one);
    if (model) mj_deleteModel(model);
  }

  void step(int i) {
    mjData* one = data[i];
    for (int k = 0; k < static_cast<int>(model->nu); k++) {
      double low = model->actuator_ctrlrange[2 * k], high = model->actuator_ctrlrange[2 * k + 1];
      one->ctrl[k] = 0.5 * (low + high) + 0.5 * (high - low) * actions[i * model->nu + k];
    }
    for (int k = 0; k < frame_skip; k++) mj_step(model, one);
  }
};

}  // namespace

// Null if the model cannot be loaded.
MPDP_API OpenLoop* mpdp_open_loop_create(const char* file, int32_t batch, int32_t threads,
                                         int32_t frame_skip) {
  auto loop = std::make_unique<OpenLoop>();
  char problem[1000] = "";
  loop->model = mj_loadXML(file, nullptr, problem, sizeof problem);
  if (!loop->model) return nullptr;
  loop->frame_skip = frame_skip;
  for (int i = 0; i < batch; i++) loop->data.push_back(mj_makeData(loop->model));
  OpenLoop* self = loop.get();
  loop->pool = std::make_unique<mpdp::Pool>(threads, [self](int i, int) { self->step(i); });
  return loop.release();
}

MPDP_API void mpdp_open_loop_destroy(OpenLoop* loop) { delete loop; }

// Puts simulation i where its observation says: qpos from `skip` on (0 before), then qvel.
MPDP_API void mpdp_open_loop_start(OpenLoop* loop, int32_t i, int32_t skip,
                                   const float* observation) {
  const mjModel* model = loop->model;
  mjData* one = loop->data[i];
  mj_resetData(model, one);
  for (int k = 0; k < skip; k++) one->qpos[k] = 0;
  for (int k = skip; k < static_cast<int>(model->nq); k++) one->qpos[k] = observation[k - skip];
  for (int k = 0; k < static_cast<int>(model->nv); k++) {
    one->qvel[k] = observation[model->nq - skip + k];
  }
}

// The same numbers back.
MPDP_API void mpdp_open_loop_observe(const OpenLoop* loop, int32_t i, int32_t skip,
                                     float* observation) {
  const mjModel* model = loop->model;
  const mjData* one = loop->data[i];
  for (int k = skip; k < static_cast<int>(model->nq); k++) {
    observation[k - skip] = static_cast<float>(one->qpos[k]);
  }
  for (int k = 0; k < static_cast<int>(model->nv); k++) {
    observation[model->nq - skip + k] = static_cast<float>(one->qvel[k]);
  }
}

// actions: (batch, nu) in (-1, 1).
MPDP_API void mpdp_open_loop_step(OpenLoop* loop, const float* actions) {
  loop->actions = actions;
  loop->pool->run(static_cast<int>(loop->data.size()));
}
