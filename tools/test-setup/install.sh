#!/bin/sh
# Installs what the tests need beside Rust, on Debian and its relatives. Safe to run again: what is there stays.
#
#   PostgreSQL    the store is tested on a real server, which the tests start and stop themselves
#   cryptography  the Python package with which tools/verify_pack.py checks signatures
#   schemathesis  in a virtualenv of its own below the target folder: it asks the server what its description promises
#   Node.js       puts the files for browsers together
#   Chromium      in which the pages are tested; CHROMIUM names another than /usr/bin/chromium
#   oidc-provider  the npm package against which signing in by OpenID Connect is tested
#   rustfmt, clippy  if rustup manages the toolchain
#
# Exit status: 0 everything is there, 1 something is missing and can't be installed here.
set -eu
cd "$(dirname "$0")/../.."

say() { printf 'test setup: %s\n' "$*"; }
fail() { printf 'test setup: %s\n' "$*" >&2; exit 1; }

has_postgres() {
    for program in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$program" ] && return 0
    done
    command -v initdb >/dev/null 2>&1
}

has_cryptography() {
    python3 -c 'import sys, cryptography; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# The way to root: nothing if this is root, else sudo if it asks for no password.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo "$@"
    else
        fail "no right to install packages; run as root: $*"
    fi
}

updated=
apt_install() {
    command -v apt-get >/dev/null 2>&1 || fail "this is no Debian: install $* by the means of your system"
    say "installing $*"
    if [ -z "$updated" ]; then
        as_root apt-get update -qq
        updated=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

command -v cargo >/dev/null 2>&1 || fail "no cargo: install Rust 1.95 or newer, see https://rustup.rs"
if command -v rustup >/dev/null 2>&1; then
    for component in fmt clippy; do
        cargo "$component" --version >/dev/null 2>&1 || {
            say "adding $component to the Rust toolchain"
            case $component in fmt) rustup component add rustfmt ;; *) rustup component add "$component" ;; esac
        }
    done
fi

if ! command -v cc >/dev/null 2>&1; then
    apt_install gcc libc6-dev
fi
command -v git >/dev/null 2>&1 || apt_install git

if ! has_postgres; then
    apt_install postgresql
    has_postgres || fail "PostgreSQL is installed, but there is no initdb in /usr/lib/postgresql/*/bin"
fi
# PostgreSQL does not run as root, so the tests of root run it as postgres, whom the package makes.
if [ "$(id -u)" -eq 0 ] && ! id -u postgres >/dev/null 2>&1; then
    say "adding the user postgres"
    useradd --system --no-create-home postgres
fi

command -v python3 >/dev/null 2>&1 || apt_install python3
if ! has_cryptography; then
    # The python3 that is used may be Debian's or one's own; each has its own packages.
    if [ "$(command -v python3)" = /usr/bin/python3 ]; then
        apt_install python3-cryptography
    else
        say "installing cryptography for $(command -v python3)"
        python3 -m pip install --quiet cryptography || fail "pip can't install cryptography"
    fi
    has_cryptography || fail "$(command -v python3) has no package cryptography, or is older than 3.11"
fi

# schemathesis stands alone, in exactly these versions, and changes nothing of the Python that is there.
contract=${CARGO_TARGET_DIR:-target}/contract-venv
wanted=tools/test-setup/contract-requirements.txt
if ! cmp -s "$wanted" "$contract/requirements.txt"; then
    say "installing schemathesis in $contract"
    python3 -m venv --clear "$contract" 2>/dev/null || {
        apt_install python3-venv
        python3 -m venv --clear "$contract"
    }
    "$contract/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted" ||
        fail "pip can't install schemathesis"
    cp "$wanted" "$contract/requirements.txt"
fi

command -v npm >/dev/null 2>&1 || apt_install nodejs npm

[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || apt_install chromium

# Node 20 or newer. The packages are those of the lock file; their scripts don't run.
provider=tools/oidc-provider
if [ ! -d "$provider/node_modules/oidc-provider" ]; then
    node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || fail "Node is older than 20, see https://nodejs.org"
    say "installing the provider of identity for the tests"
    npm ci --prefix "$provider" --ignore-scripts --no-audit --no-fund --silent || fail "npm can't install oidc-provider"
fi

# What drives the browser; it brings none of its own.
if [ ! -x web/node_modules/.bin/playwright ]; then
    say "installing what drives the browser for the tests"
    npm ci --prefix web --ignore-scripts --no-audit --no-fund --silent || fail "npm can't install playwright"
fi

say "everything is there"
