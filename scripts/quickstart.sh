#!/usr/bin/env bash
# From a fresh clone to figures: makes .venv, installs dropsweep, sweeps five rates on synthetic images.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh

dropsweep run configs/quickstart.yaml --output results/quickstart
echo
echo "Open results/quickstart/report.html; its figures are also in results/quickstart/plots:"
ls results/quickstart/plots/*.png
echo
echo "Next: . .venv/bin/activate, then dropsweep run configs/cs231n.yaml (downloads CIFAR-10, 170 MB)"
