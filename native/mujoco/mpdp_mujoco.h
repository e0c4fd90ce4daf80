// The C ABI between the Java environments and MuJoCo: a batch of copies of one task, stepped
// together. All buffers belong to the caller, row-major, one row per environment.
#ifndef MPDP_MUJOCO_H
#define MPDP_MUJOCO_H
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MPDP_API __attribute__((visibility("default")))

typedef struct MpdpStepper MpdpStepper;

enum {
  MPDP_POSITION_NONE = 0,
  MPDP_POSITION_QPOS = 1,
  MPDP_POSITION_BODY = 2,
  MPDP_POSITION_MASS = 3
};
enum { MPDP_STATUS_GOOD = 0, MPDP_STATUS_BLOWN_UP = 1, MPDP_STATUS_ENGINE_ERROR = 2 };

// One task as numbers. "state" is qpos followed by qvel; -1 leaves a block out.
typedef struct {
  double velocity_clip;    // observed qvel is clipped to +-this; infinity: not clipped
  double force_clip;       // external forces are clipped to +-this, observed or paid for
  double forward_weight;   // x (change of position) / dt
  double control_weight;   // x sum of squared raw controls
  double contact_weight;   // x sum of squared external forces
  double contact_maximum;  // upper limit of the contact cost
  double survive_reward;
  int32_t frame_skip;       // physics steps per environment step
  int32_t halve_margins;    // 1: contact margins as before MuJoCo 3.5.0, where two of them add up
  int32_t raw_actions;      // 1: actions are controls; 0: (-1, 1) is mapped to each control range
  int32_t skip_positions;   // leading entries of qpos that are not observed
  int32_t first_body;       // cinert, cvel: observed from this body on
  int32_t first_actuator;   // qfrc_actuator: observed from this degree of freedom on
  int32_t first_force;      // cfrc_ext: observed from this body on
  int32_t position_kind;    // MPDP_POSITION_*: what the forward reward follows, along x
  int32_t position_index;   // which entry of qpos, or which body
  int32_t survive_healthy;  // 1: the survive reward is not paid on termination
  int32_t healthy_closed;   // 1: bounds are themselves healthy
  int32_t healthy_finite;   // 1: any infinity or NaN in the state is unhealthy
} MpdpTask;

// "major*1000000 + minor*1000 + patch" from MuJoCo 3.5 on, three digits before.
MPDP_API int32_t mpdp_mujoco_header_version(void);
MPDP_API int32_t mpdp_mujoco_library_version(void);

// healthy_low, healthy_high: (qpos + qvel), infinite where there is no bound; size_healthy: their
// length, or 0 for none. Returns null and fills message on any error.
MPDP_API MpdpStepper* mpdp_mujoco_create(const char* model_file, const MpdpTask* task,
                                         const double* healthy_low, const double* healthy_high,
                                         int32_t size_healthy, int32_t count, int32_t threads,
                                         char* message, int32_t message_size);
MPDP_API void mpdp_mujoco_destroy(MpdpStepper* stepper);

// out: {nq, nv, nu, bodies, geoms, observation size, size of a saved state}.
MPDP_API void mpdp_mujoco_sizes(const MpdpStepper* stepper, int64_t* out);
// low, high: (nu); qpos0: (nq); out_dt: seconds of one environment step.
MPDP_API void mpdp_mujoco_facts(const MpdpStepper* stepper, double* low, double* high,
                                double* qpos0, double* out_dt);

// Resets environment i to (qpos, qvel) and writes its observation (observation size). Returns a
// status.
MPDP_API int32_t mpdp_mujoco_reset(MpdpStepper* stepper, int32_t i, const double* qpos,
                                   const double* qvel, float* observation);

// actions: (count, nu); observations: (count, observation size); rewards, terminated, status:
// (count). detail: null or (count, 5 + observation size) doubles: reward, forward, control,
// contact, survive, observation. Returns how many environments have a status other than good.
MPDP_API int32_t mpdp_mujoco_step(MpdpStepper* stepper, const float* actions, float* observations,
                                  float* rewards, uint8_t* terminated, uint8_t* status,
                                  double* detail);

// state: (size of a saved state) doubles.
MPDP_API void mpdp_mujoco_save(const MpdpStepper* stepper, int32_t i, double* state);
MPDP_API void mpdp_mujoco_restore(MpdpStepper* stepper, int32_t i, const double* state);

// The text of the latest engine error.
MPDP_API void mpdp_mujoco_message(MpdpStepper* stepper, char* message, int32_t message_size);

// type: (geoms); size, position: (geoms, 3); orientation: (geoms, 3, 3), row-major.
MPDP_API void mpdp_mujoco_geom_shapes(const MpdpStepper* stepper, int32_t* type, double* size);
MPDP_API int32_t mpdp_mujoco_geom_poses(MpdpStepper* stepper, int32_t i, double* position,
                                        double* orientation);

// Copies a named array of the compiled model, as doubles, for tests. Returns its length (whatever
// fits in capacity is written), -1 for an unknown name.
MPDP_API int64_t mpdp_mujoco_model_array(const MpdpStepper* stepper, const char* name, double* out,
                                         int64_t capacity);

// The next step of environment i raises an engine error: a test of the error path.
MPDP_API void mpdp_mujoco_raise(MpdpStepper* stepper, int32_t i);

#ifdef __cplusplus
}
#endif
#endif
