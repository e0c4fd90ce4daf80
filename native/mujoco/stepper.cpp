#include "stepper.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "guard.h"

using mpdp::guarded;

namespace {

// A diverging simulation shows only here: MuJoCo resets itself and goes on.
int blow_ups(const mjData* data) {
  return data->warning[mjWARN_BADQPOS].number + data->warning[mjWARN_BADQVEL].number +
         data->warning[mjWARN_BADQACC].number + data->warning[mjWARN_BADCTRL].number;
}

bool all_finite(const double* values, int size) {
  return std::all_of(values, values + size, [](double x) { return std::isfinite(x); });
}

}  // namespace

MpdpStepper::~MpdpStepper() {
  pool.reset();
  for (mjData* one : data) mj_deleteData(one);
  if (model) mj_deleteModel(model);
}

bool MpdpStepper::open(const char* file, int threads, std::string& problem) {
  model = mpdp::load_model(file, problem);
  if (!model || !mpdp::task_fits(task, model, problem)) return false;
  if (!healthy_low.empty() && static_cast<int>(healthy_low.size()) != model->nq + model->nv) {
    problem = "the healthy bounds must have one entry for each position and velocity, " +
              std::to_string(model->nq + model->nv);
    return false;
  }
  if (task.halve_margins) mpdp::halve_margins(model);
  observed = mpdp::observation_size(task, model);
  for (int thread = 0; thread < threads; thread++) {
    mjData* one = nullptr;
    if (!guarded([&] { one = mj_makeData(model); }) || !one) {
      problem = std::string("no memory for the simulation: ") + mpdp::last_error();
      return false;
    }
    data.push_back(one);
    observation.emplace_back(observed);
  }
  states.assign(static_cast<size_t>(count) * state_size(), 0.0);
  raise.assign(count, 0);
  std::vector<double> still(model->nv, 0.0);
  for (int i = 0; i < count; i++) {
    if (reset(i, model->qpos0, still.data(), nullptr) != MPDP_STATUS_GOOD) {
      problem = message;
      return false;
    }
  }
  pool = std::make_unique<mpdp::Pool>(threads, [this](int i, int thread) { step_one(i, thread); });
  return true;
}

int MpdpStepper::reset(int i, const double* qpos, const double* qvel, float* out) {
  mjData* one = data[0];
  bool good = guarded([&] {
    mj_resetData(model, one);
    std::memcpy(one->qpos, qpos, sizeof(double) * model->nq);
    std::memcpy(one->qvel, qvel, sizeof(double) * model->nv);
    mj_forward(model, one);
  });
  if (!good) {
    message = mpdp::last_error();
    guarded([&] { mj_resetData(model, one); });
    return MPDP_STATUS_ENGINE_ERROR;
  }
  save(i, one, mpdp::position(task, model, one));
  if (out) {
    mpdp::write_observation(task, model, one, observation[0].data());
    std::copy(observation[0].begin(), observation[0].end(), out);
  }
  return MPDP_STATUS_GOOD;
}

int MpdpStepper::step_all() {
  pool->run(count);
  return static_cast<int>(
      std::count_if(status, status + count, [](uint8_t s) { return s != MPDP_STATUS_GOOD; }));
}

void MpdpStepper::step_one(int i, int thread) {
  mjData* one = data[thread];
  double* values = observation[thread].data();
  double before = load(i, one);
  double control_square = apply_action(i, one);
  status[i] = advance(i, one);
  double after = mpdp::position(task, model, one);
  bool alive = healthy(one);
  mpdp::Rewards result = mpdp::reward(task, model, one, after - before, control_square, alive);
  mpdp::write_observation(task, model, one, values);
  if (status[i] == MPDP_STATUS_GOOD &&
      !(all_finite(values, observed) && std::isfinite(result.total))) {
    status[i] = MPDP_STATUS_BLOWN_UP;
  }
  terminated[i] = !alive;
  save(i, one, after);
  publish(i, result, values);
}

// The physics of one environment step. mj_step alone keeps Runge-Kutta: split calls would not.
int MpdpStepper::advance(int i, mjData* one) {
  int before = blow_ups(one);
  bool raised = raise[i];
  bool good = guarded([&] {
    for (int k = 0; k < task.frame_skip; k++) mj_step(model, one);
    if (raised) mju_error("raised by a test");
    if (mpdp::needs_forces(task)) mj_rnePostConstraint(model, one);
  });
  raise[i] = 0;
  if (good && blow_ups(one) == before) return MPDP_STATUS_GOOD;
  if (!good) {
    std::lock_guard<std::mutex> lock(message_mutex);
    message = mpdp::last_error();
  }
  // An error leaves MuJoCo's stack marks behind; a reset clears them and the counts.
  guarded([&] {
    mj_resetData(model, one);
    mj_forward(model, one);
  });
  return good ? MPDP_STATUS_BLOWN_UP : MPDP_STATUS_ENGINE_ERROR;
}

// Returns the sum of the squared controls as given: MuJoCo clamps a private copy.
double MpdpStepper::apply_action(int i, mjData* one) const {
  const float* action = actions + static_cast<size_t>(i) * model->nu;
  double sum = 0;
  for (int k = 0; k < static_cast<int>(model->nu); k++) {
    double low = model->actuator_ctrlrange[2 * k];
    double high = model->actuator_ctrlrange[2 * k + 1];
    double value = action[k];
    if (!task.raw_actions) value = 0.5 * (low + high) + 0.5 * (high - low) * value;
    one->ctrl[k] = value;
    sum += value * value;
  }
  return sum;
}

bool MpdpStepper::healthy(const mjData* one) const {
  int positions = model->nq;
  if (task.healthy_finite &&
      !(all_finite(one->qpos, positions) && all_finite(one->qvel, model->nv))) {
    return false;
  }
  for (int k = 0; k < static_cast<int>(healthy_low.size()); k++) {
    double low = healthy_low[k];
    double high = healthy_high[k];
    if (std::isinf(low) && std::isinf(high)) continue;
    double x = k < positions ? one->qpos[k] : one->qvel[k - positions];
    bool inside = task.healthy_closed ? low <= x && x <= high : low < x && x < high;
    if (!inside) return false;
  }
  return true;
}

void MpdpStepper::save(int i, const mjData* one, double position) {
  double* state = &states[static_cast<size_t>(i) * state_size()];
  state = std::copy(one->qpos, one->qpos + model->nq, state);
  state = std::copy(one->qvel, one->qvel + model->nv, state);
  state = std::copy(one->qacc_warmstart, one->qacc_warmstart + model->nv, state);
  state = std::copy(one->act, one->act + model->na, state);
  state[0] = one->time;
  state[1] = position;
}

// Returns the position that the forward reward starts from.
double MpdpStepper::load(int i, mjData* one) const {
  const double* state = &states[static_cast<size_t>(i) * state_size()];
  auto take = [&state](double* out, int size) {
    std::copy(state, state + size, out);
    state += size;
  };
  take(one->qpos, model->nq);
  take(one->qvel, model->nv);
  take(one->qacc_warmstart, model->nv);
  take(one->act, model->na);
  one->time = state[0];
  return state[1];
}

void MpdpStepper::publish(int i, const mpdp::Rewards& result, const double* values) {
  std::copy(values, values + observed, observations + static_cast<size_t>(i) * observed);
  rewards[i] = static_cast<float>(result.total);
  if (!detail) return;
  double* row = detail + static_cast<size_t>(i) * (5 + observed);
  const double terms[] = {result.total, result.forward, result.control, result.contact,
                          result.survive};
  row = std::copy(std::begin(terms), std::end(terms), row);
  std::copy(values, values + observed, row);
}
