# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
# What the conformance tests share. The miniport ataport_conform looks at most rules itself;
# what only shows outside of it is looked at here and entered as a verdict. Each test
# keeps its verdicts, and the last one of the group makes the table.
. /harness/lib.sh

PARAM=/sys/module/ataport_conform/parameters
KEPT=/run/harness/conform
VALUES='Dword=dword:0x12345678 Text=sz:hello Binary=hex:00,01,ff'
mkdir -p $KEPT

# conf_up MODE [VALUE..]: SyncWithIsr 0 or 1, more registry values; the disk comes up.
conf_up() {
	conf_values="Controller0\\SyncWithIsr=dword:$1;Controller0\\Changed=dword:2"
	shift
	for conf_value in $VALUES; do
		conf_values="$conf_values;Controller0\\$conf_value;Controller0\\Channel0\\$conf_value"
	done
	for conf_value; do
		conf_values="$conf_values;$conf_value"
	done
	unbind
	load_upper
	# For once with FUA, which the disk in memory has.
	modprobe libata fua=1
	loaded ataport || insmod "$KO/ataport.ko"
	! loaded ataport_conform || rmmod ataport_conform
	echo ataport_conform >"$HBA_DIR/driver_override"
	# shellcheck disable=SC2086
	insmod "$KO/ataport_conform.ko" "registry=$conf_values" ${CONF_WORDS:-}
	node=$(disk CONF0000)
	conf_dir=/sys/block/${node#/dev/}
}

conf_bind() {
	echo ataport_conform >"$HBA_DIR/driver_override"
	echo "$HBA" >/sys/bus/pci/drivers/ataport_conform/bind
	node=$(disk CONF0000)
	conf_dir=/sys/block/${node#/dev/}
}

# all_rules: every row of the miniport's table.
all_rules() {
	all_row=0
	while :; do
		echo $all_row >$PARAM/row
		cat $PARAM/results >/run/test/page
		[ -s /run/test/page ] || break
		cat /run/test/page
		all_row=$((all_row + $(wc -l </run/test/page)))
	done
}

# conf_down: keep the verdicts, unload; a rule that is broken fails the test.
conf_down() {
	unbind
	all_rules >"$KEPT/$(basename "$TEST_NAME").$(uptime_ms)"
	conf_broken=$(all_rules | awk -F'|' '$6 > 0 { print $1 " at " $7 }')
	say "$(all_rules | awk -F'|' '$5 > 0' | wc -l) rules looked at"
	rmmod ataport_conform
	rmmod ataport
	[ -z "$conf_broken" ] || fail "broken: $conf_broken"
}

# rule NAME COMMAND..: the command says whether the rule holds.
rule() {
	rule_name=$1
	shift
	if "$@"; then
		echo "$rule_name 1" >$PARAM/verdict
	else
		say "rule $rule_name is broken: '$*' says no"
		echo "$rule_name 0" >$PARAM/verdict
	fi
}

# In a rule: told COUNT REGEX, what the kernel's log has since the last "quiet".
quiet() { dmesg -c >/dev/null; }
told() {
	told_have=$(dmesg | grep -cE "$2") || :
	case $1 in
	*+) [ "$told_have" -ge "${1%+}" ] && return ;;
	*) [ "$told_have" = "$1" ] && return ;;
	esac
	say "$told_have lines of the log match '$2' instead of $1:"
	dmesg | tail -n 12
	return 1
}

# reset_channel: the disk's channel, by a scan that user space asks for.
reset_channel() {
	reset_host=$(basename "$(readlink -f "$conf_dir/device")" | cut -d: -f1)
	echo '- - -' >"/sys/class/scsi_host/host$reset_host/scan"
}

order() { echo "$*" >$PARAM/cmd; }
state() { sed -n "s/^$1 //p" $PARAM/state; }
state_is() { [ "$(state "$1")" = "$2" ]; }
uptime_ms() { awk '{ print int($1 * 1000) }' /proc/uptime; }

# put SECTOR, get SECTOR FILE: a sector of a pattern that knows its place.
get() { dd if="$node" of="$2" bs=512 skip="$1" count="${3:-1}" iflag=direct 2>err; }
reads_well() {
	get "$1" sector "${2:-1}" && dd if=pattern bs=512 skip="$1" count="${2:-1}" 2>/dev/null | cmp - sector
}
reads_badly() { ! get "$1" sector; }

# behind SECTOR: a read in the background, its verdict in the file ended.SECTOR
behind() {
	rm -f "ended.$1"
	(
		cd /run/test || exit
		if dd if="$node" of="read.$1" bs=512 skip="$1" count=1 iflag=direct 2>/dev/null &&
			dd if=pattern bs=512 skip="$1" count=1 2>/dev/null | cmp -s - "read.$1"; then
			echo well >"ended.$1"
		else
			echo badly >"ended.$1"
		fi
	) &
}
ended() { [ -s "ended.$1" ]; }
well() { [ "$(cat "ended.$1")" = well ]; }
# comes_well SECONDS SECTOR..: these end by then, and well.
comes_well() {
	comes_limit=$1
	shift
	for comes_sector; do
		until_true "$comes_limit" ended "$comes_sector" || return 1
		well "$comes_sector" || return 1
	done
}

pattern() {
	dd if=/dev/urandom of=pattern bs=512 count=8192 2>/dev/null
	dd if=pattern of="$node" bs=64k oflag=direct 2>/dev/null
}
