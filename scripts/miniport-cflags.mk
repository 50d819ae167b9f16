# SPDX-License-Identifier: GPL-2.0-only
#
# The compiler flags of miniport sources, and of the tests that must be
# compiled in exactly the same way.  They come after the kernel's own flags, so
# what stands here wins; kbuild's cc-option must be at hand.
#
# Sets ataport-miniport-cflags.  ATAPORT is the top directory of ataport.

# The language: Microsoft's bit fields, structure members without a name, a
# char that is signed (the kernel's is not, from 6.2 on), 16-bit L"" strings,
# and arrays of one element at the end of a structure that mean "and so on".
# On machines where GCC has no -mms-bitfields the headers are laid out so that
# it makes no difference; bit fields of mixed types in a miniport's own
# structures would need Clang there.
ataport-miniport-cflags := \
	-fms-extensions -fsigned-char -fshort-wchar \
	$(call cc-option,-mms-bitfields) \
	$(call cc-option,-mno-outline-atomics) \
	$(call cc-option,-fstrict-flex-arrays=0)

# What Microsoft's compiler accepts, with a warning or without, builds.  An
# undeclared routine is the exception, for it ends as an unknown symbol: better
# stop where it is called.
ataport-miniport-cflags += -Wno-error

ataport-miniport-cflags += $(addprefix -Wno-, \
	pointer-sign int-conversion incompatible-pointer-types \
	int-to-pointer-cast pointer-to-int-cast cast-function-type \
	strict-prototypes missing-prototypes missing-declarations \
	old-style-definition implicit-int return-type \
	unused unused-parameter unused-value unused-function unused-label \
	unused-variable unused-but-set-variable unused-but-set-parameter \
	unused-const-variable unused-local-typedefs unused-macros \
	unknown-pragmas pragmas comment multichar char-subscripts undef \
	declaration-after-statement vla date-time main trigraphs \
	parentheses dangling-else empty-body switch implicit-fallthrough \
	sign-compare type-limits overflow shift-count-overflow \
	shift-negative-value enum-compare enum-conversion \
	missing-field-initializers missing-braces address attributes \
	uninitialized maybe-uninitialized ignored-qualifiers \
	misleading-indentation tautological-compare int-in-bool-context \
	format format-security array-bounds)

ifdef CONFIG_CC_IS_CLANG
# Its names differ between releases; an unknown one is no reason to stop.
ataport-miniport-cflags += -Wno-unknown-warning-option $(addprefix -Wno-, \
	incompatible-function-pointer-types incompatible-pointer-types-discards-qualifiers \
	int-to-void-pointer-cast void-pointer-to-int-cast \
	pointer-to-enum-cast void-pointer-to-enum-cast cast-function-type-strict \
	microsoft ignored-pragmas ignored-pragma-intrinsic pragma-pack \
	ignored-attributes unknown-attributes deprecated-non-prototype \
	macro-redefined builtin-macro-redefined duplicate-decl-specifier \
	constant-conversion bitfield-constant-conversion \
	sometimes-uninitialized self-assign parentheses-equality \
	tautological-constant-out-of-range-compare initializer-overrides \
	enum-enum-conversion extra-tokens visibility return-mismatch \
	invalid-utf8 invalid-source-encoding unicode \
	compare-distinct-pointer-types gnu-variable-sized-type-not-at-end unaligned-access)
else
# GCC mentions a -Wno- that it does not know only next to another message, which
# is confusing enough to ask it about the youngest.
ataport-miniport-cflags += $(addprefix -Wno-, \
	discarded-qualifiers discarded-array-qualifiers old-style-declaration \
	designated-init override-init missing-format-attribute \
	suggest-attribute=format builtin-declaration-mismatch bool-compare \
	logical-not-parentheses packed-not-aligned array-parameter \
	stringop-overflow stringop-truncation)
ataport-miniport-cflags += \
	$(call cc-disable-warning,invalid-utf8) \
	$(call cc-disable-warning,compare-distinct-pointer-types) \
	$(call cc-disable-warning,return-mismatch) \
	$(call cc-disable-warning,declaration-missing-parameter-type)
endif

ataport-miniport-cflags += -Werror=implicit-function-declaration \
	-I$(ATAPORT)/ataport/include
