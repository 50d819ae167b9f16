# SPDX-License-Identifier: GPL-2.0-only
# Runs in the guest, once per run of fio, and makes one line per job, ROW-SIDE-NUMBER, out of
# fio's report (fio.json) and of the counters before and after, if there are any
# (JOB.prerun.txt, JOB.postrun.txt): a serial line is too slow for all of it. "kind" begins
# each line, "first" is the round of number 0; "irqs" are the numbers of the interrupts.
BEGIN {
	n = split(irqs, list)
	for (i = 1; i <= n; i++)
		mine[list[i] ":"] = 1
}

FNR == 1 {
	file = FILENAME
	sub(/^\.\//, "", file)
	job = file
	sub(/\..*/, "", job)
	sign = file ~ /prerun/ ? -1 : 1
	section = ""
}

file != "fio.json" {
	if (NF == 2 && /^[0-9.]+ [0-9.]+$/)
		wall[job] += sign * $1 * 1000
	else if ($1 == "cpu") {
		# Clock ticks of 10 ms, whatever the kernel's own are.
		idle[job] += sign * ($5 + $6) * 10
		busy[job] += sign * ($2 + $3 + $4 + $7 + $8 + $9) * 10
		soft[job] += sign * ($7 + $8) * 10
	} else if ($1 in mine)
		for (i = 2; $i ~ /^[0-9]+$/; i++)
			count[job] += sign * $i
	else if ($1 == "qemu") {
		vcpu[job] += sign * $2 / 1000000
		rest[job] += sign * $3 / 1000000
	}
	next
}

function value(text) {
	text = $0
	sub(/^[^:]*: */, "", text)
	gsub(/[",]/, "", text)
	return text
}

/"jobname" :/ {
	name = value()
	order[++jobs] = name
	section = ""
}
/"error" :/ { error[name] = value() }
/"(read|write|trim|sync)" : \{/ {
	section = $1
	gsub(/"/, "", section)
}
/"usr_cpu" :/ {
	usr[name] = value()
	section = ""
}
/"sys_cpu" :/ { sys[name] = value() }
section == "read" || section == "write" {
	if (/"io_bytes" :/)
		bytes[name] += value()
	else if (/"total_ios" :/)
		ios[name] += value()
	else if (/"runtime" :/ && value() + 0 > ms[name] + 0)
		ms[name] = value()
}

END {
	for (i = 1; i <= jobs; i++) {
		j = order[i]
		split(j, part, "-")
		if (part[1] == "settle")
			continue
		printf "sample %s %s %d %s error=%d ios=%.0f bytes=%.0f ms=%.0f usr=%.2f sys=%.2f", kind, part[2],
			first + part[3], part[1], error[j], ios[j], bytes[j], ms[j], usr[j], sys[j]
		printf " wall=%.0f idle=%.0f busy=%.0f irqms=%.0f irqs=%.0f vcpu=%.1f qemu=%.1f\n",
			wall[j], idle[j], busy[j], soft[j], count[j], vcpu[j], rest[j]
	}
}
