# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What the tests behind root ports share.
# The variables of the library are used by the tests.
# shellcheck disable=SC2034,SC2154,SC2153
. /harness/tests/faults/lib.sh

# one_each COMMAND..: like "both", the in-tree driver on a controller and root port of its own: neither
# has to live with what the other has made of them.
one_each() {
	rm -f native.out test.out
	one_ours="$HBA $ROOT D0 ahci1 rp0"
	# shellcheck disable=SC2086
	one_of native native.out "$HBA2" "$ROOT2" D1 ahci2 rp1 "$@"
	# shellcheck disable=SC2086
	one_of "$DRIVER" test.out $one_ours "$@"
}

one_of() {
	one_drv=$1 one_out=$2 HBA=$3 ROOT=$4 DISK=$5 CARD=$6 SLOT=$7
	HBA_DIR=/sys/bus/pci/devices/$HBA
	shift 7
	bind "$one_drv"
	set +e
	(set -e; "$@" "$one_drv") >"$one_out" 2>&1
	one_rc=$?
	set -e
	[ $one_rc = 0 ] || {
		cat "$one_out"
		fail "'$*' failed with $one_rc under $one_drv"
	}
	[ ! -e "$HBA_DIR" ] || unbind
	unload_driver "$one_drv"
	# A function that has lost its base addresses gets new ones.
	if [ -e "$HBA_DIR" ]; then
		echo 1 >"$HBA_DIR/remove"
		echo 1 >/sys/bus/pci/rescan
		# And no driver takes it unasked.
		echo none >"$HBA_DIR/driver_override"
	fi
}

# power_off: the slot's power goes, without a word to anybody; and comes back. QEMU keeps the card.
power_off() { setpci -s "$ROOT" CAP_EXP+18.W=0400:0400; }
power_on() { setpci -s "$ROOT" CAP_EXP+18.W=0000:0400; }

no_disks() { [ -z "$(disks)" ]; }
is_bound() { [ "$(bound_to)" = "$(pci_name "$1")" ]; }
no_ports() { [ -z "$(find /sys/class/ata_port /sys/class/scsi_host -mindepth 1)" ]; }

# What the hot-plug driver may do at the same time.
remove() {
	{ [ ! -e "$HBA_DIR/remove" ] || echo 1 >"$HBA_DIR/remove"; } 2>/dev/null || :
	until_true 20 no_disks || fail "disks are left: $(disks)"
	until_true 10 no_ports || fail "ports are left"
}

# enumerate DRIVER: the slot is looked at anew, and what is found there is this driver's.
enumerate() {
	remove
	echo 1 >/sys/bus/pci/rescan
	until_true 20 is_back || fail "the controller does not come back"
	bind "$1"
	node=$(disk "$DISK")
}
