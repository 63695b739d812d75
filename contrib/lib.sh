# SPDX-License-Identifier: Apache-2.0
# What the scripts of this folder share: which Debian packages are needed, and how a build folder is made.
# To be sourced; `top` is the folder of the clone.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# PACKAGE, or PACKAGE=COMMAND where any COMMAND that is there already will do.
build_packages=(
    autoconf automake make gcc libc6-dev pkg-config python3=python3
    libmicrohttpd-dev libsqlite3-dev libpq-dev libsodium-dev libssl-dev liboath-dev libjansson-dev libpcre2-dev
    libcurl4-openssl-dev
    curl=curl jq=jq
)
test_packages=(
    libcmocka-dev libasan8 libubsan1 git=git python3 python3-pytest python3-boto3 python3-cryptography
    python3-aiosmtpd awscli nodejs=node npm=npm chromium=chromium fonts-dejavu-core
    systemd=systemd-analyze logrotate mandoc=mandoc groff-base=groff
    postgresql-15 python3-psycopg2 pgbouncer
)
ha_packages=(patroni etcd-server)
bench_packages=(python3 python3-boto3 wrk=wrk)
fuzz_packages=(clang libclang-rt-14-dev libcmocka-dev)

say() {
    printf '==> %s\n' "$*" >&2
}

is_installed() {
    [[ $1 == *=* ]] && command -v "${1#*=}" >/dev/null && return
    [[ $installed == *" ${1%%=*} "* ]]
}

# apt_install PACKAGE.. starts no service, now or with the machine: tests start programs of their own.
apt_install() {
    local policy=/usr/sbin/policy-rc.d status=0
    if [[ -e $policy ]]; then
        policy=
    else
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" || status=$?
    [[ -z $policy ]] || rm "$policy"
    if [[ " $* " == *" etcd-server "* ]] && command -v systemctl >/dev/null; then
        systemctl -q disable etcd patroni || true
    fi
    return "$status"
}

# Installs what is missing and touches nothing else.
# PostgreSQL's own start-up of a cluster for all is not wanted: tests start one of their own.
install_missing() {
    local installed entry missing=()
    installed=" $(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | tr '\n' ' ') "
    for entry; do
        is_installed "$entry" || missing+=("${entry%%=*}")
    done
    ((${#missing[@]})) || return 0
    say "installing ${missing[*]}"
    if ((EUID)); then
        say "this needs root: apt-get install ${missing[*]}"
        return 1
    fi
    apt-get update -q
    if [[ " ${missing[*]} " == *" postgresql-15 "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
        mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    fi
    apt_install "${missing[@]}"
}

# build_in FOLDER ARGUMENT.. configures FOLDER once, or again when the arguments differ, and builds what changed.
build_in() {
    local folder=$1
    shift
    [[ -x $top/configure ]] || { say 'making configure' && "$top/autogen.sh"; }
    mkdir -p "$folder"
    if [[ ! -f $folder/Makefile || $(cat "$folder/configured-with" 2>/dev/null) != "$*" ]]; then
        say "configuring $folder"
        [[ ! -f $folder/Makefile ]] || make -s -C "$folder" clean  # make does not know that flags changed
        (cd "$folder" && "$top/configure" -q "$@")
        printf '%s\n' "$*" >"$folder/configured-with"
    fi
    say "building in $folder"
    make -C "$folder" -j"$(nproc)" --no-print-directory
}
