#!/bin/sh
# The whole loop on a scratch copy of the sample workspace: lint, start, compose,
# simulate, analyze, promote. Nothing in the checkout is changed.
set -eu
users=${USERS:-50000}
experiment=${EXPERIMENT:-approved_sms_hook}
message=winback/approved_day7
scratch=build/demo
at=2026-11-22T11:00:00Z

say() { printf '\n\033[1m== %s\033[0m\n' "$1"; }
run() { printf '$ %s\n' "$*"; "$@"; }

rm -rf "$scratch"
mkdir -p "$scratch"
cp -R copylab.yaml templates experiments "$scratch/"
cd "$scratch"

say "check: every branch and every allowed value of the sample's copy"
run copylab lint

say "start: freeze the arms of the experiment and their words"
run copylab start "$experiment" --at "$at"

say "write: compose for $users made-up users"
run copylab simulate "$experiment" --users "$users" --seed 7 --only users --at "$at" --output data
run copylab compose "$message" --channel sms --users data/users.parquet --output data/sms.parquet --at "$at"
mkdir -p data/exposures && mv data/sms.exposures.parquet data/exposures/

say "send: simulate what the users did, with a known truth: coupon +30%"
run copylab simulate "$experiment" --exposures data/exposures/sms.exposures.parquet --effect coupon=+30% --seed 7 --at "$at" --output data

say "learn: read the results"
run copylab analyze "$experiment"

say "promote: make the winner live, by a change one can review"
run copylab promote "$experiment" --date 2026-12-08
run diff -u ../../templates/$message/message.yaml templates/$message/message.yaml || true
echo
echo "the decision: $scratch/experiments/decisions/$experiment.yaml"
