# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What the tests with badport share. Each case binds the miniport with one bug,
# reads with it, unbinds it, and then every line of the log has to be accounted
# for. The lines that belong to a case come as "COUNT REGEX" on standard input,
# COUNT being N or N+. All cases of a test run, also after one that failed.
. /harness/lib.sh

BAD=ataport_badport
# Lines of the log that somebody has to account for.
LOUD='ataport|badport|exception Emask|failed command|I/O error|resetting|limiting|offlin|gave up|reset failed|WARNING|BUG:|Oops|Call [Tt]race'
bad_failed=0
bad_cases=0

bad_load() {
	unbind
	load_upper
	modprobe libata
	loaded ataport || insmod "$KO/ataport.ko"
	loaded $BAD || insmod "$KO/$BAD.ko"
}

bad_unload() {
	unbind
	rmmod $BAD || fail "the miniport cannot be unloaded"
	rmmod ataport || fail "the port driver cannot be unloaded"
}

wrong() {
	say "FAIL: case $bad_name: $*"
	bad_failed=$((bad_failed + 1))
}

# bad_case NUMBER NAME: choose the bug, begin its log.
bad_case() {
	bad_number=$1
	bad_name=$2
	bad_cases=$((bad_cases + 1))
	setpci -s "$HBA" CACHE_LINE_SIZE="$(printf %02x "$1")"
	echo $BAD >"$HBA_DIR/driver_override"
	dmesg -c >/dev/null
	cat >expected
}

bad_bind() { echo "$HBA" >/sys/bus/pci/drivers/$BAD/bind; } 2>/dev/null

# What a controller that is gone must not leave.
nothing_left() {
	[ -z "$(bound_to)" ] || wrong "the controller is bound to $(bound_to)"
	[ -z "$(find /sys/class/ata_port /sys/class/scsi_host -mindepth 1 2>/dev/null)" ] ||
		wrong "ports or hosts are left"
	[ -z "$(disks)" ] || wrong "disks are left: $(disks)"
	if grep -E 'badport' /proc/interrupts /proc/iomem /proc/ioports; then wrong "interrupts or regions are left"; fi
	bad_refs=$(awk -v m=$BAD '$1 == m { print $3 }' /proc/modules)
	[ "$bad_refs" = 0 ] || wrong "the module is used $bad_refs times"
}

# account_for: the lines expected are there, so often as expected, and no other ones.
account_for() {
	dmesg | sed 's/^\[[^]]*\] //' >log
	{
		cat expected
		echo "1 ^ataport: badport: bug $bad_number, $bad_name\$"
		# The hosts and ports as they come up.
		echo '0+ ^scsi host[0-9]+: ataport$'
		echo "0+ ^ata[0-9]+: SATA max UDMA/133 $BAD channel [01]\$"
		# Where no firmware has enabled it before.
		echo "0+ ^$BAD [0-9a-f:.]+: enabling device \\("
		# Not told for all errors; says nothing new.
		echo "0+ ^$BAD: probe of $HBA failed with error|^$BAD $HBA: probe with driver $BAD failed with error"
	} >all
	: >regexes
	while read -r count regex; do
		[ -n "$count" ] || continue
		printf '%s\n' "$regex" >>regexes
		have=$(grep -cE "$regex" log) || :
		case $count in
		*+) [ "$have" -ge "${count%+}" ] || wrong "$have lines of the log match '$regex', expected $count" ;;
		*) [ "$have" = "$count" ] || wrong "$have lines of the log match '$regex', expected $count" ;;
		esac
	done <all
	if grep -E "$LOUD" log | grep -vE -f regexes >strange; then
		wrong "unexpected in the log: $(head -n 3 strange)"
	fi
	if [ "$bad_failed" != "${bad_said:-0}" ]; then
		bad_said=$bad_failed
		sed 's/^/  log: /' log | tail -n 40
	fi
}

# refused NUMBER NAME: the bind must fail, with these lines, leaving nothing.
bad_refused() {
	bad_case "$1" "$2"
	if bad_bind; then
		wrong "the controller was accepted"
		unbind
	fi
	nothing_left
	account_for
	give_back
	say "case $2: refused"
}

# What reads say: "fine", or their error.
bad_read() {
	if dd if="$node" of=sector bs=512 skip="$1" count=1 iflag=direct 2>err; then
		if dd if=pattern bs=512 skip="$1" count=1 2>/dev/null | cmp -s - sector; then
			say fine
		else
			say "other data"
		fi
	else
		sed -n 's/^dd: .*: //p' err
	fi
}

# bad_up: bind; the disk comes up, with a pattern on it and short time-outs.
bad_up() {
	bad_bind || { wrong "the controller was refused"; return 1; }
	until_true 20 has_disk BAD0001 || { wrong "no disk"; unbind; return 1; }
	node=/dev/$(block_of BAD0001)
	echo 1 >"/sys/block/${node#/dev/}/device/timeout"
	dd if=pattern of="$node" bs=128k oflag=direct 2>/dev/null || wrong "cannot write"
}

# bad_around: all the other sectors, in requests enough to go round the table of IRBs twice.
bad_around() {
	{
		dd if="$node" bs=32k count=31 iflag=direct 2>/dev/null
		dd if="$node" bs=32k skip=33 iflag=direct 2>/dev/null
	} >around
	cmp -s around others || wrong "afterwards, other sectors do not read as they were written"
}

bad_down() {
	unbind
	nothing_left
	account_for
}

# bad_works NUMBER NAME RESULT [SECONDS]: the disk comes up in spite of the bug; reading the
# sector that wakes the bug says RESULT within so many seconds, and others read well.
bad_works() {
	bad_case "$1" "$2"
	echo '1 ^ataport: badport: stopped, 2 channels were started and 2 stopped$' >>expected
	if bad_up; then
		start=$(cut -d. -f1 /proc/uptime)
		got=$(bad_read 2048)
		took=$(($(cut -d. -f1 /proc/uptime) - start))
		[ "$got" = "$3" ] || wrong "the read says '$got' instead of '$3'"
		[ $took -le $((${4:-10} * ${TIMESCALE:-1})) ] || wrong "the read took $took s"
		bad_around
		bad_down
		say "case $2: $3, $took s"
	else
		account_for
	fi
}

# give_back: the in-tree driver takes the controller, and its disk reads.
give_back() {
	unbind
	load_driver native
	echo ahci >"$HBA_DIR/driver_override"
	echo "$HBA" >/sys/bus/pci/drivers/ahci/bind || wrong "ahci does not take the controller"
	until_true 20 has_disk D0 || wrong "ahci does not find the disk"
	dd if="/dev/$(block_of D0)" of=/dev/null bs=4k count=4 iflag=direct 2>err || wrong "ahci does not read: $(cat err)"
	unbind
}

# bad_end CASES: the verdict.
bad_end() {
	[ $bad_cases = "$1" ] || fail "$bad_cases cases were run instead of $1"
	[ $bad_failed = 0 ] || fail "$bad_failed checks failed"
	say "$bad_cases cases"
}

# What the whole disk has, and that without the 32 KiB on each side of the bad sector.
dd if=/dev/urandom of=pattern bs=512 count=4096 2>/dev/null
{
	dd if=pattern bs=32k count=31 2>/dev/null
	dd if=pattern bs=32k skip=33 2>/dev/null
} >others
