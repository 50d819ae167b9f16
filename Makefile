# SPDX-License-Identifier: GPL-2.0-only
#
# The targets a person types. Modules are built by the kernel's own kbuild (see
# Kbuild), everything else is a thin call of something in scripts/ or tests/.
# "make help" lists them all.

TOP := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))

# The build tree of the kernel to build for: KDIR= names it, KVER= names an
# installed one, else it is the newest 6.1 of Debian, which is what guests boot.
# Empty counts as not given: a make that installs the headers has run its children with that.
ifeq ($(strip $(KDIR)),)
ifneq ($(strip $(KVER)),)
KDIR := /lib/modules/$(KVER)/build
else
KDIR := $(shell ls -d /lib/modules/6.1.0-*-amd64/build 2>/dev/null | sort -V | tail -n 1)
endif
endif

SAMPLES := $(patsubst %/Kbuild,%,$(wildcard $(TOP)/miniport_sample/*/Kbuild))
TESTPORTS := $(patsubst %/Kbuild,%,$(wildcard $(TOP)/tests/miniports/*/Kbuild))
TESTMODULES := $(patsubst %/Kbuild,%,$(wildcard $(TOP)/tests/modules/*/Kbuild))

export KDIR KVER KERNEL DRIVER ACCEL V KEEP GUESTS TIMESCALE DURATION SEED

Q := $(if $(filter-out 0,$(V)),,@)

# As many at once as processors, where nobody has said how many.
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

# kbuild is quiet unless it has something to say; V=1 shows all. Type information for
# BPF cannot be made without the kernel's vmlinux: no word about that.
kbuild = $(MAKE) --no-print-directory $(jobs) $(if $(filter-out 0,$(V)),,-s) -C $(KDIR) CONFIG_DEBUG_INFO_BTF_MODULES=

# kbuild's own messages for a wrong tree do not say what to do about it.
define check-kdir
@if [ ! -f "$(KDIR)/Makefile" ]; then \
	echo "error: KDIR=$(KDIR) is no kernel build tree."; \
	echo "       'scripts/deps' (or apt-get install linux-headers-amd64) installs Debian's;"; \
	echo "       KVER=<release> or KDIR=<path> names another one."; exit 2; \
elif [ ! -f "$(KDIR)/include/generated/autoconf.h" ]; then \
	echo "error: KDIR=$(KDIR) is not configured: run 'make modules_prepare' in it, or name another tree."; \
	exit 2; \
fi >&2
endef


# Names what a miniport uses that the interface does not have, where kbuild only fails.
check-imports = $(TOP)/scripts/check-imports --symvers $(TOP)/Module.symvers $(abspath $(M)) \
	$(if $(filter-out 0,$(V)),,>/dev/null)

.PHONY: all modules port samples testports miniport clean install modules_install help \
	deps lint check guest-check selftest seeded broken soak coverage demo shell bench

all: samples
modules: all

## Build
#> make                  ataport.ko and the samples in miniport_sample/
port:
	$(check-kdir)
	+$(Q)$(kbuild) M=$(TOP) modules
	@$(TOP)/tests/contract/check-exports $(TOP)/Module.symvers $(if $(filter-out 0,$(V)),,>/dev/null)

samples: port
	@$(MAKE) --no-print-directory -f $(TOP)/Makefile $(jobs) $(SAMPLES:%=%/miniport)

# The miniports, and modules of Linux's own kind, that only tests load.
testports: port
	@$(MAKE) --no-print-directory -f $(TOP)/Makefile $(jobs) $(TESTPORTS:%=%/miniport) $(TESTMODULES:%=%/module)

.PHONY: $(foreach dir,$(SAMPLES) $(TESTPORTS),$(dir)/miniport) $(TESTMODULES:%=%/module)
$(foreach dir,$(SAMPLES) $(TESTPORTS),$(dir)/miniport):
	@$(MAKE) --no-print-directory -f $(TOP)/Makefile miniport-only M=$(@D)

$(TESTMODULES:%=%/module):
	@$(MAKE) --no-print-directory -s -C $(KDIR) CONFIG_DEBUG_INFO_BTF_MODULES= M=$(@D) modules

#> make miniport M=DIR   a miniport of your own, from any directory
miniport: port
	@$(MAKE) --no-print-directory -f $(TOP)/Makefile miniport-only M="$(M)"

.PHONY: miniport-only
miniport-only:
	@if [ -z "$(M)" ] || [ ! -f "$(M)/Kbuild" ]; then \
		echo "error: M='$(M)' names no directory with a Kbuild file: make miniport M=/path/to/miniport" >&2; exit 2; fi
	@# kbuild does not see that symbols of other modules have changed, and links with stale versions.
	@[ ! $(TOP)/Module.symvers -nt $(M)/Module.symvers ] || rm -f $(M)/Module.symvers
	+$(Q)$(kbuild) M=$(abspath $(M)) ATAPORT=$(TOP) KBUILD_EXTRA_SYMBOLS=$(TOP)/Module.symvers modules || \
		{ $(check-imports); exit 2; }
	@$(check-imports)

#> make clean            remove what was built (the cache stays)
clean:
	$(check-kdir)
	@set -e; for dir in $(SAMPLES) $(TESTPORTS) $(TESTMODULES) $(TOP); do [ ! -f $$dir/Kbuild ] || \
		$(MAKE) --no-print-directory -s -C $(KDIR) M=$$dir ATAPORT=$(TOP) clean; done

#> make install          install the modules for the kernel of KDIR (as root)
install: modules_install
modules_install: samples
	+$(Q)$(kbuild) M=$(TOP) modules_install
	@set -e; for dir in $(SAMPLES); do \
		$(MAKE) --no-print-directory -s -C $(KDIR) M=$$dir ATAPORT=$(TOP) modules_install; done

## Guests
#> make demo             install what is missing, build, boot, show what it can do
demo:
	@$(TOP)/scripts/demo

#> make shell            a guest with the driver loaded, on this terminal
shell:
	@$(TOP)/scripts/shell

#> make bench            measure against the in-tree driver
bench:
	@$(TOP)/scripts/bench

## Tests
#> make check            everything below; GROUPS="load io" and TESTS="io/02" choose guest tests
check:
	@$(TOP)/scripts/check $(addprefix --group=,$(GROUPS)) $(addprefix --test=,$(TESTS))

#> make lint             what reads the code: W=1, sparse, checkpatch, shellcheck
lint:
	@$(TOP)/scripts/deps
	@$(TOP)/scripts/lint

#> make guest-check      the guest tests alone; DRIVER=native runs them on the in-tree driver
guest-check:
	@$(TOP)/scripts/deps
ifeq ($(wildcard $(TOP)/tests/kernels/$(or $(KERNEL),stock)),)
	@$(MAKE) --no-print-directory -f $(TOP)/Makefile samples testports
endif
	@$(TOP)/scripts/guest test $(addprefix --group=,$(GROUPS)) $(addprefix --test=,$(TESTS))

#> make selftest         guests that crash, hang and lie: does the harness tell?
selftest:
	@$(TOP)/scripts/deps
	@$(TOP)/tests/selftest/run

#> make seeded           seed mistakes into a copy of the driver; does each checker catch its kind?
seeded:
	@$(TOP)/scripts/deps
	@$(TOP)/tests/seeded/run $(SEEDS)

#> make broken           break the driver, one mistake at a time; does the test that is for it fail? NAMES="no-lock"
broken:
	@$(TOP)/scripts/deps
	@$(TOP)/tests/broken/run $(NAMES)

#> make soak             random faults under load, for an hour or DURATION= seconds; SEED= repeats a run
soak:
	@$(TOP)/scripts/deps
	@$(TOP)/tests/slow/soak

#> make coverage         lines of ataport/ that the guest tests reach, by file, and which they do not
coverage:
	@$(TOP)/scripts/deps
	@$(TOP)/scripts/coverage $(GROUPS)

#> make deps             install what this machine misses
deps:
	@$(TOP)/scripts/deps

## Settings
#> KDIR=, KVER=          build tree, or release of an installed one
#> KERNEL=               kernel of the guests: stock (default), a name of tests/kernels (kasan, kcsan,
#>                       gcov, rt, backports, newest, arm64), or an image made in KDIR
#> DRIVER=native         run guest tests on the in-tree ahci driver
#> ACCEL=kvm|tcg         default: KVM where a trial boot works, else TCG
#> GUESTS=N              so many guests at once (default: three for two processors, one for slow kernels)
#> TIMESCALE=N           all limits in guests N times longer
#> V=1                   show what runs; KEEP=1 keeps images and logs
help:
	@sed -n -e 's/^## \(.*\)/\n\1:/p' -e 's/^#> /  /p' $(TOP)/Makefile
