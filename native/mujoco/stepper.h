// A batch of copies of one task. One mjData per thread; what distinguishes the environments is a
// saved state each (qpos, qvel, activations, warm start, time, position), which is smaller, faster
// and bit-identical for any number of threads.
#pragma once
#include <mujoco/mujoco.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "mpdp_mujoco.h"
#include "pool.h"

namespace mpdp {

// The rewards of one step, in the order of mpdp_mujoco_step's detail.
struct Rewards {
  double total, forward, control, contact, survive;
};

// model.cpp
mjModel* load_model(const char* file, std::string& problem);
bool task_fits(const MpdpTask& task, const mjModel* model, std::string& problem);
void halve_margins(mjModel* model);

// observation.cpp
int observation_size(const MpdpTask& task, const mjModel* model);
void write_observation(const MpdpTask& task, const mjModel* model, const mjData* data, double* out);
bool needs_forces(const MpdpTask& task);

// reward.cpp
double position(const MpdpTask& task, const mjModel* model, const mjData* data);
Rewards reward(const MpdpTask& task, const mjModel* model, const mjData* data, double moved,
               double control_square, bool healthy);

}  // namespace mpdp

struct MpdpStepper {
  MpdpTask task;
  mjModel* model = nullptr;
  std::vector<mjData*> data;                     // one per thread
  std::vector<std::vector<double>> observation;  // scratch, one per thread
  std::vector<double> healthy_low, healthy_high;
  std::vector<double> states;  // (count, state_size())
  std::vector<uint8_t> raise;
  std::mutex message_mutex;
  std::string message;
  int count = 0;
  int observed = 0;
  std::unique_ptr<mpdp::Pool> pool;

  // The buffers of the step under way.
  const float* actions = nullptr;
  float* observations = nullptr;
  float* rewards = nullptr;
  uint8_t* terminated = nullptr;
  uint8_t* status = nullptr;
  double* detail = nullptr;

  ~MpdpStepper();
  bool open(const char* file, int threads, std::string& problem);
  int state_size() const { return model->nq + 2 * model->nv + model->na + 2; }
  double seconds_per_step() const { return model->opt.timestep * task.frame_skip; }
  int reset(int i, const double* qpos, const double* qvel, float* out);
  int step_all();

 private:
  void step_one(int i, int thread);
  int advance(int i, mjData* data);
  double apply_action(int i, mjData* data) const;
  bool healthy(const mjData* data) const;
  void save(int i, const mjData* data, double position);
  double load(int i, mjData* data) const;
  void publish(int i, const mpdp::Rewards& rewards, const double* observed_values);
};
