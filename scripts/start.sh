# Sourced by the launchers of a checkout and of an installation: the JVM and its flags.

# LLVM, with which PoCL compiles in the JVM's process, would take the JVM's signal handlers away, which ends it
# at random: the JDK's libjsig, first of all libraries, chains them instead. (ld.so splits at spaces and colons.)
chain_signals() {
  local library=$JAVA_HOME/lib/libjsig.so
  [[ ! -f $library || $library == *[\ :]* ]] || export LD_PRELOAD="$library${LD_PRELOAD:+:$LD_PRELOAD}"
}

# start JARS PROPERTY ARGUMENT...: becomes the app, from a folder of jars.
start() {
  local jars=$1 property=$2
  shift 2
  chain_signals
  # shellcheck disable=SC2086 # MPDP_JAVA_OPTS holds several flags
  exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -XX:+UseSerialGC -Djava.awt.headless=true "$property" ${MPDP_JAVA_OPTS:-} -cp "$jars/*" mpdp.app.Main "$@"
}
