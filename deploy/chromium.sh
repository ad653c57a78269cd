#!/bin/sh
# deploy/chromium.sh: see to it that there is a Chromium for pages that need one; nothing is done where one is found.
set -eu

find_it() { .venv/bin/python -m forumcrawl.gate.chromium >/dev/null 2>&1; }

find_it && exit 0
echo "Setting up Chromium" >&2
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell >/dev/null 2>&1 ||
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null 2>&1 || true
    find_it && exit 0
fi
.venv/bin/python -m playwright install chromium-headless-shell >&2 || true
find_it && exit 0
echo "There is no Chromium, type: sudo apt-get install chromium-headless-shell, or name one: export BROWSER_PATH=..." >&2
exit 1
