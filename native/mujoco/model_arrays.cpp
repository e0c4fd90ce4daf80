// Named arrays of the compiled model, for tests against reference numbers.
#include <algorithm>
#include <cstring>

#include "mpdp_mujoco.h"
#include "stepper.h"

namespace {

struct NamedArray {
  const char* name;
  const double* values;
  int64_t size;
};

std::vector<NamedArray> double_arrays(const mjModel* m) {
  int64_t bodies = m->nbody, joints = m->njnt, freedoms = m->nv, geoms = m->ngeom, motors = m->nu;
  return {{"qpos0", m->qpos0, m->nq},
          {"body_pos", m->body_pos, 3 * bodies},
          {"body_quat", m->body_quat, 4 * bodies},
          {"body_ipos", m->body_ipos, 3 * bodies},
          {"body_iquat", m->body_iquat, 4 * bodies},
          {"body_mass", m->body_mass, bodies},
          {"body_inertia", m->body_inertia, 3 * bodies},
          {"jnt_pos", m->jnt_pos, 3 * joints},
          {"jnt_axis", m->jnt_axis, 3 * joints},
          {"jnt_stiffness", m->jnt_stiffness, joints},
          {"jnt_range", m->jnt_range, 2 * joints},
          {"jnt_solref", m->jnt_solref, mjNREF * joints},
          {"jnt_solimp", m->jnt_solimp, mjNIMP * joints},
          {"body_invweight0", m->body_invweight0, 2 * bodies},
          {"dof_armature", m->dof_armature, freedoms},
          {"dof_damping", m->dof_damping, freedoms},
          {"dof_invweight0", m->dof_invweight0, freedoms},
          {"geom_size", m->geom_size, 3 * geoms},
          {"geom_pos", m->geom_pos, 3 * geoms},
          {"geom_quat", m->geom_quat, 4 * geoms},
          {"geom_friction", m->geom_friction, 3 * geoms},
          {"geom_margin", m->geom_margin, geoms},
          {"geom_solref", m->geom_solref, mjNREF * geoms},
          {"geom_solimp", m->geom_solimp, mjNIMP * geoms},
          {"actuator_ctrlrange", m->actuator_ctrlrange, 2 * motors},
          {"actuator_gear", m->actuator_gear, 6 * motors}};
}

struct NamedIntegers {
  const char* name;
  const int* values;
  int64_t size;
};

std::vector<NamedIntegers> integer_arrays(const mjModel* m) {
  return {{"body_parentid", m->body_parentid, m->nbody},
          {"jnt_type", m->jnt_type, m->njnt},
          {"jnt_bodyid", m->jnt_bodyid, m->njnt},
          {"geom_type", m->geom_type, m->ngeom},
          {"geom_contype", m->geom_contype, m->ngeom},
          {"geom_conaffinity", m->geom_conaffinity, m->ngeom},
          {"geom_condim", m->geom_condim, m->ngeom},
          {"geom_bodyid", m->geom_bodyid, m->ngeom},
          {"actuator_trnid", m->actuator_trnid, 2 * m->nu}};
}

std::vector<double> options(const mjModel* m) {
  const mjOption& o = m->opt;
  return {o.timestep,
          static_cast<double>(o.integrator),
          static_cast<double>(o.solver),
          static_cast<double>(o.iterations),
          o.tolerance,
          o.density,
          o.viscosity,
          o.gravity[2]};
}

template <class Values>
int64_t copy_out(Values values, int64_t size, double* out, int64_t capacity) {
  std::copy(values, values + std::min(size, capacity), out);
  return size;
}

}  // namespace

extern "C" int64_t mpdp_mujoco_model_array(const MpdpStepper* stepper, const char* name,
                                           double* out, int64_t capacity) {
  const mjModel* m = stepper->model;
  if (std::strcmp(name, "option") == 0) {
    std::vector<double> values = options(m);
    return copy_out(values.begin(), values.size(), out, capacity);
  }
  for (const NamedArray& array : double_arrays(m)) {
    if (std::strcmp(name, array.name) == 0)
      return copy_out(array.values, array.size, out, capacity);
  }
  for (const NamedIntegers& array : integer_arrays(m)) {
    if (std::strcmp(name, array.name) == 0)
      return copy_out(array.values, array.size, out, capacity);
  }
  return -1;
}
