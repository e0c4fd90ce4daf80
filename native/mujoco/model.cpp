// Loading a model, and what differs between versions of MuJoCo.
#include "guard.h"
#include "stepper.h"

namespace mpdp {

mjModel* load_model(const char* file, std::string& problem) {
  mjModel* model = nullptr;
  char text[1000] = "";
  if (!guarded([&] { model = mj_loadXML(file, nullptr, text, sizeof text); })) {
    problem = last_error();
  } else if (!model) {
    problem = text;
  }
  return model;
}

// Checks every index of the task against the model.
bool task_fits(const MpdpTask& task, const mjModel* model, std::string& problem) {
  int positions = model->nq;
  int bodies = model->nbody;
  int targets = task.position_kind == MPDP_POSITION_BODY ? bodies : positions;
  if (task.skip_positions < 0 || task.skip_positions > positions) {
    problem = "cannot leave out " + std::to_string(task.skip_positions) + " of " +
              std::to_string(positions) + " positions";
  } else if (task.position_index < 0 || task.position_index >= targets) {
    problem = "the forward reward follows number " + std::to_string(task.position_index) + " of " +
              std::to_string(targets);
  } else if (task.first_body > bodies || task.first_force > bodies ||
             task.first_actuator > static_cast<int>(model->nv)) {
    problem = "an observed block starts behind its end";
  } else if (model->nu < 1) {
    problem = "the model has no actuator";
  }
  for (int i = 0; i < static_cast<int>(model->nu); i++) {
    double low = model->actuator_ctrlrange[2 * i];
    double high = model->actuator_ctrlrange[2 * i + 1];
    if (!(low < high)) problem = "actuator " + std::to_string(i) + " has no ctrlrange";
  }
  return problem.empty();
}

// From MuJoCo 3.5.0 on the margin of a contact is the sum of its geoms' margins, before it was the
// larger one. For models whose colliding geoms share one margin, half of it restores the old rule.
void halve_margins(mjModel* model) {
#if mjVERSION_HEADER >= 3005000
  for (int i = 0; i < static_cast<int>(model->ngeom); i++) model->geom_margin[i] *= 0.5;
#else
  (void)model;
#endif
}

}  // namespace mpdp
