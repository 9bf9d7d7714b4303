#!/bin/sh
# Sees that the engines are there which tests run against: Java for Spark, PostgreSQL.
# Installs them by Debian's names where that is allowed. Without PostgreSQL its tests
# are skipped with a word; without Java Spark cannot start, and that is an error.
# usage: servers.sh [postgres]   with the word, PostgreSQL alone
set -eu

have_java() { command -v java >/dev/null 2>&1; }
have_postgres() {
    command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}
missing=
wanted=${1:-all}
[ "$wanted" = postgres ] || have_java || missing="openjdk-17-jre-headless"
have_postgres || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "servers: installing $missing"
    apt-get update -qq
    # shellcheck disable=SC2086 - several packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
have_postgres || echo "servers: PostgreSQL is not there, its tests are skipped; run: sudo apt-get install postgresql" >&2
[ "$wanted" = postgres ] || have_java || {
    echo "servers: Java is not there and Spark needs it; run: sudo apt-get install openjdk-17-jre-headless" >&2
    exit 2
}
