#!/usr/bin/env bash
# Two sweeps in the same figures: each is trained where runs are missing, then both are overlaid.
# Usage: scripts/compare_sweeps.sh CONFIG CONFIG [OPTION OF RUN]...
#   scripts/compare_sweeps.sh configs/cs231n.yaml configs/gaussian.yaml -j auto
set -euo pipefail
usage="Usage: $0 CONFIG CONFIG [OPTION OF RUN]..."
one=${1:?$usage} two=${2:?$usage}
shift 2

first=$(dropsweep run "$one" --quiet "$@")
second=$(dropsweep run "$two" --quiet "$@")
dropsweep plot "$first" "$second" --compare -o results/comparison \
    --label "$(basename "$first")" --label "$(basename "$second")"
