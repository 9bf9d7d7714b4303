#!/bin/sh
# Sees that the programs are there which tests run against: Java for Spark, PostgreSQL,
# chromium with fonts for Chinese. Installs them by Debian's names where that is
# allowed. Without PostgreSQL its tests are skipped with a word; without Java Spark
# cannot start and without chromium no page can be looked at, and that is an error.
# usage: servers.sh [java] [postgres] [chromium]   without a word, all of them
set -eu

have_java() { command -v java >/dev/null 2>&1; }
have_postgres() {
    command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}
have_chromium() { command -v chromium >/dev/null 2>&1; }
have_fonts() { [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; }
missing=
for wanted in ${*:-java postgres chromium}; do
    case $wanted in
    java) have_java || missing="$missing openjdk-17-jre-headless" ;;
    postgres) have_postgres || missing="$missing postgresql" ;;
    chromium)
        have_chromium || missing="$missing chromium"
        have_fonts || missing="$missing fontconfig fonts-wqy-microhei"
        ;;
    *) echo "servers: there is no '$wanted'; name java, postgres or chromium" >&2 && exit 2 ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "servers: installing$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 - several packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
for wanted in ${*:-java postgres chromium}; do
    case $wanted in
    java) have_java || lacking=openjdk-17-jre-headless ;;
    postgres) have_postgres || echo "servers: PostgreSQL is not there, its tests are skipped; run: sudo apt-get install postgresql" >&2 ;;
    chromium) have_chromium || lacking=chromium ;;
    esac
done
[ -z "${lacking:-}" ] || {
    echo "servers: $lacking is not there, and tests need it; run: sudo apt-get install $lacking" >&2
    exit 2
}
