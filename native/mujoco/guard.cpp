#include "guard.h"

#include <mujoco/mujoco.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace mpdp {
namespace {

thread_local jmp_buf* current_guard = nullptr;
thread_local char error_text[512];

void on_error(const char* text) {
  std::snprintf(error_text, sizeof error_text, "%s", text ? text : "");
  if (current_guard) longjmp(*current_guard, 1);
  // Returning would go on inside MuJoCo with a broken state.
  std::fprintf(stderr, "MuJoCo error outside any guard: %s\n", error_text);
  std::abort();
}

// Counts are kept in mjData; the default handler would write a file into the working folder.
void on_warning(const char*) {}

}  // namespace

void install_handlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    mju_user_error = on_error;
    mju_user_warning = on_warning;
  });
}

jmp_buf* exchange_guard(jmp_buf* guard) {
  jmp_buf* previous = current_guard;
  current_guard = guard;
  return previous;
}

const char* last_error() { return error_text; }

}  // namespace mpdp
