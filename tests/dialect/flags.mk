# SPDX-License-Identifier: GPL-2.0-only
#
# Prints the flags of miniport sources for a compiler outside of kbuild, so that
# the dialect check runs as a program compiled like the module.

cc-option = $(shell $(CC) -Werror $(1) -c -x c /dev/null -o /dev/null 2>/dev/null && echo '$(1)')
cc-disable-warning = $(if $(call cc-option,-W$(1)),-Wno-$(1))
ifneq ($(findstring clang,$(shell $(CC) --version)),)
CONFIG_CC_IS_CLANG := y
endif

include $(ATAPORT)/scripts/miniport-cflags.mk

flags:
	@echo '$(ataport-miniport-cflags) -fno-strict-aliasing -fwrapv -std=gnu11'

.PHONY: flags
