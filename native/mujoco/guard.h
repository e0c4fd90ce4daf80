// MuJoCo's error handler must not return, and by default waits for a key and ends the process.
// A guard turns an error into a false result: the handler jumps back to it within the same native
// frame. No object with a destructor may live in the guarded body.
#pragma once
#include <setjmp.h>

namespace mpdp {

// Replaces MuJoCo's handlers (process-wide, once): errors jump, warnings write no log file.
void install_handlers();

jmp_buf* exchange_guard(jmp_buf* guard);

// The text of this thread's last error.
const char* last_error();

template <class Body>
bool guarded(Body&& body) {
  jmp_buf here;
  jmp_buf* previous = exchange_guard(&here);
  if (setjmp(here) != 0) {
    exchange_guard(previous);
    return false;
  }
  body();
  exchange_guard(previous);
  return true;
}

}  // namespace mpdp
