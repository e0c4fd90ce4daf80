# Sourced by the launcher: the JDK, the Debian packages, and what the build leaves out without them.

# The major version of the JDK in folder $1, or 0 where there is none.
jdk_version() {
  local version=0
  [[ -x $1/bin/javac ]] || { echo 0; return; }
  if [[ -r $1/release ]]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  else
    version=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  fi
  echo "${version:-0}"
}

# Sets JAVA_HOME to the first JDK that is new enough; one named by MPDP_JAVA_HOME is used or refused.
find_jdk() {
  local home java
  if [[ -n ${MPDP_JAVA_HOME:-} ]]; then
    (($(jdk_version "$MPDP_JAVA_HOME") >= 25)) ||
      die "MPDP_JAVA_HOME=$MPDP_JAVA_HOME is no JDK 25 or later: name another one, or unset it"
    export JAVA_HOME=$MPDP_JAVA_HOME
    return
  fi
  java=$(command -v java || true)
  [[ -z $java ]] || java=$(dirname "$(dirname "$(readlink -f "$java")")")
  for home in "${JAVA_HOME:-}" "$java" /usr/lib/jvm/* "${HOME:-}"/.jdks/* "${HOME:-}"/.sdkman/candidates/java/* /opt/*jdk*; do
    if [[ -n $home ]] && (($(jdk_version "$home") >= 25)); then
      export JAVA_HOME=$home
      return
    fi
  done
  if [[ -z ${jdk_tried:-} ]] && may_install && apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1; then
    jdk_tried=1
    apt_install openjdk-25-jdk-headless && find_jdk && return
  fi
  die "no JDK 25 or later found: install one (openjdk-25-jdk, Temurin 25, ...) and, unless it lies in /usr/lib/jvm, set MPDP_JAVA_HOME to its folder"
}

# A MuJoCo named by MUJOCO_PATH is used or refused, never replaced by another.
require_named_mujoco() {
  [[ -z ${MUJOCO_PATH:-} || -f $MUJOCO_PATH/include/mujoco/mujoco.h ]] ||
    die "MUJOCO_PATH=$MUJOCO_PATH has no include/mujoco/mujoco.h: name an unpacked MuJoCo release, or unset it"
}

has_mujoco() {
  [[ -n ${MUJOCO_PATH:-} || -f /usr/include/mujoco/mujoco.h || -f /usr/local/include/mujoco/mujoco.h ]]
}

has_native_tools() {
  command -v cmake >/dev/null && command -v ninja >/dev/null && command -v g++ >/dev/null
}

# The Debian packages that are needed and not there, on one line.
missing_packages() {
  local packages=()
  command -v mvn >/dev/null || packages+=(maven)
  command -v cmake >/dev/null || packages+=(cmake)
  command -v ninja >/dev/null || packages+=(ninja-build)
  command -v g++ >/dev/null || packages+=(g++)
  has_mujoco || packages+=(libmujoco-dev)
  printf '%s' "${packages[*]}"
}

# An OpenCL loader and a platform for it; OCL_ICD_VENDORS names platforms of another folder.
has_opencl() {
  [[ $(ldconfig -p 2>/dev/null) == *libOpenCL.so.1* ]] &&
    { [[ -n ${OCL_ICD_VENDORS:-} ]] || compgen -G '/etc/OpenCL/vendors/*.icd' >/dev/null; }
}

# PoCL runs OpenCL on the CPU: for `mpdp check`, and where the opencl back end is asked for.
install_opencl() {
  has_opencl && return
  if may_install && apt_install pocl-opencl-icd ocl-icd-libopencl1; then return; fi
  say "for the opencl back end, run: sudo apt-get install pocl-opencl-icd ocl-icd-libopencl1"
}

may_install() {
  [[ ${MPDP_NO_INSTALL:-0} != 1 ]] && command -v apt-get >/dev/null &&
    { [[ $(id -u) == 0 ]] || sudo -n true 2>/dev/null; }
}

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

# Installs packages; the package lists are fetched only where the first try fails without them.
apt_install() {
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
  mkdir -p "$state"
  say "installing $*"
  as_root "${install[@]}" "$@" >"$state/install.log" 2>&1 && return
  as_root apt-get update -qq >>"$state/install.log" 2>&1 &&
    as_root "${install[@]}" "$@" >>"$state/install.log" 2>&1 && return
  say "could not install them; the log is $state/install.log"
  return 1
}

# Installs what is missing where that is allowed, and names the one line to run where it is not.
install_missing() {
  local packages
  packages=$(missing_packages)
  [[ -n $packages ]] || return 0
  # shellcheck disable=SC2086 # a list of package names
  if may_install && apt_install $packages; then return 0; fi
  say "for everything to work, run: sudo apt-get install $packages"
}

require_maven() {
  command -v mvn >/dev/null || die "Maven is missing: run sudo apt-get install maven (or put mvn on the PATH)"
}

# What Maven is told about the tools that are not there: the rest is built without them.
set_maven_options() {
  maven_options=()
  if ! has_native_tools; then
    say "no C++ tools: building without the cpu back end and MuJoCo"
    maven_options+=(-Dmpdp.native.skip=true -Dmpdp.mujoco.skip=true)
  elif ! has_mujoco; then
    say "no MuJoCo headers: building without MuJoCo's tasks (Pendulum-v1 works)"
    maven_options+=(-Dmpdp.mujoco.skip=true)
  fi
}
