#!/bin/sh
# A MongoDB-compatible server for tests without Docker: PostgreSQL with DocumentDB in a Debian chroot, behind bridge.py.
# Usage, as root on Debian: server.sh start | stop | destroy. "start" can be repeated; it prints the URI.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
CHECKOUT=$(cd "$HERE/../../.." && pwd)
FOLDER=${DOCUMENTDB_FOLDER:-/var/tmp/footnote-documentdb-$(echo "$CHECKOUT" | sha256sum | cut -c1-10)}
PORT=${DOCUMENTDB_PORT:-0} # 0 takes a free one at each start
IDLE=${DOCUMENTDB_IDLE_SECONDS:-3600} # without a client for so long, the server ends by itself
SUITE=${DOCUMENTDB_SUITE:-testing} # the first Debian suite that carries postgresql-18-documentdb; sid has it too
REQUIREMENTS=${DOCUMENTDB_REQUIREMENTS:-$HERE/requirements.txt}
PYTHON=${DOCUMENTDB_PYTHON:-$CHECKOUT/.venv/bin/python}
ROOT=$FOLDER/root
BIN=/usr/lib/postgresql/18/bin
DATA=/var/lib/postgresql/documentdb # inside the chroot

# The mirror that this machine's own apt uses, unless another is named.
mirror() {
  [ -z "${DOCUMENTDB_MIRROR:-}" ] || { echo "$DOCUMENTDB_MIRROR"; return; }
  cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
    sed -n -e 's/^URIs: *\([^ ]*\).*/\1/p' -e 's/^deb \(\[[^]]*\] \)\?\(http[^ ]*debian\)\/\? .*/\2/p' | head -n 1
}

as_postgres() { chroot --userspec=postgres:postgres "$ROOT" "$@"; }
postgres_runs() { [ -e "$ROOT$DATA/PG_VERSION" ] && as_postgres "$BIN/pg_ctl" -D "$DATA" status >/dev/null; }
bridge_runs() { [ -e "$FOLDER/bridge.pid" ] && grep -qs documentdb.bridge "/proc/$(cat "$FOLDER/bridge.pid")/cmdline"; }
free_port() { "$PYTHON" -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

install_engine() {
  [ ! -e "$FOLDER/root.done" ] || return 0
  command -v mmdebstrap >/dev/null || {
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends mmdebstrap
  }
  rm -rf --one-file-system "$ROOT"
  # Without recommends, documentation and translations; a mirror that lags may serve an expired index.
  # shellcheck disable=SC2016
  mmdebstrap --mode=root --variant=apt --include=postgresql-18-documentdb \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --essential-hook='mkdir -p "$1/etc/postgresql-common"' \
    --essential-hook='echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.conf"' \
    "$SUITE" "$ROOT" "$(mirror)"
  touch "$FOLDER/root.done"
}

install_bridge() {
  [ ! -e "$FOLDER/venv.done" ] || [ "$REQUIREMENTS" -nt "$FOLDER/venv.done" ] || return 0
  "$PYTHON" -m venv --clear "$FOLDER/venv"
  "$FOLDER/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$REQUIREMENTS"
  touch "$FOLDER/venv.done"
}

start_postgres() {
  # Nothing has to outlive a crash; two that wait for each other shall not wait long; any connection can go on with a
  # cursor.
  [ -e "$ROOT$DATA/PG_VERSION" ] || as_postgres "$BIN/initdb" -D "$DATA" -U postgres -A trust --no-sync \
    -E UTF8 --locale=C.UTF-8 -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c shared_preload_libraries=pg_cron,pg_documentdb_core,pg_documentdb -c cron.database_name=postgres \
    -c cron.log_statement=off -c cron.log_run=off -c documentdb.useFileBasedPersistedCursors=on \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 \
    -c jit=off -c max_parallel_workers_per_gather=0 -c deadlock_timeout=100ms
  postgres_runs || {
    free_port >"$FOLDER/postgres.port"
    as_postgres "$BIN/pg_ctl" -D "$DATA" -l "$DATA/log" -o "-p $(cat "$FOLDER/postgres.port")" -w start 9>&-
  }
  as_postgres "$BIN/psql" -h 127.0.0.1 -p "$(cat "$FOLDER/postgres.port")" -qX -v ON_ERROR_STOP=1 -f - postgres postgres \
    <"$HERE/setup.sql"
}

start_bridge() {
  : >"$FOLDER/bridge.log" # of an earlier start
  # When the bridge ends, PostgreSQL has nobody left to serve.
  DOCUMENTDB_FOLDER=$FOLDER PYTHONPATH=$CHECKOUT/tests setsid sh -c '
    "$1/venv/bin/python" -m support.documentdb.bridge --port "$2" --postgres "$3" --idle "$4" &
    echo $! >"$1/bridge.pid"
    wait $!
    exec "$5" tidy' documentdb "$FOLDER" "$PORT" \
    "postgresql://postgres@127.0.0.1:$(cat "$FOLDER/postgres.port")/postgres" "$IDLE" "$HERE/server.sh" \
    >"$FOLDER/bridge.log" 2>&1 </dev/null 9>&- &
  for _ in $(seq 100); do
    ! grep -q '^mongodb://' "$FOLDER/bridge.log" || return 0
    sleep 0.1
  done
  cat "$FOLDER/bridge.log" >&2
  return 1
}

start() {
  mkdir -p "$FOLDER"
  { bridge_runs && postgres_runs; } || {
    stop
    install_engine
    install_bridge
    start_postgres
    start_bridge
  } >&2
  grep '^mongodb://' "$FOLDER/bridge.log"
}

stop() {
  ! bridge_runs || kill "$(cat "$FOLDER/bridge.pid")"
  rm -f "$FOLDER/bridge.pid"
  stop_postgres
}

stop_postgres() {
  ! postgres_runs || as_postgres "$BIN/pg_ctl" -D "$DATA" -m fast -w stop
}

# One at a time, for tests run side by side; what goes on running does not hold the lock.
exec 9>"$FOLDER.lock"
flock 9
case ${1:-} in
  start) start ;;
  stop) stop ;;
  tidy) bridge_runs || stop_postgres ;; # after the bridge has ended
  destroy)
    stop
    rm -rf --one-file-system "$FOLDER" "$FOLDER.lock"
    ;;
  *)
    sed -n '2,3s/^# //p' "$0"
    exit 2
    ;;
esac
