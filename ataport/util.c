// SPDX-License-Identifier: GPL-2.0-only
/*
 * util.c - the small routines: configuration space, memory, time, messages
 */
#include <linux/bitops.h>
#include <linux/ctype.h>
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/timekeeping.h>

#include "ataport.h"

static unsigned int ataport_debug_level;
module_param_named(debug_level, ataport_debug_level, uint, 0644);
MODULE_PARM_DESC(debug_level, "highest level of AtaPortDebugPrint that reaches the kernel log (0 to 3, default 0)");

/* Microseconds that AtaPortStallExecution waits at most. */
#define ATAPORT_MAX_STALL	1000000
/* 1601-01-01 to 1970-01-01, in units of 100 ns. */
#define ATAPORT_EPOCH_OFFSET	116444736000000000LL

/* The function whose configuration space has such a range, or NULL with a message. */
static struct pci_dev *ataport_config_find(const void *memory, ULONG offset, ULONG length,
					   const char *caller)
{
	struct ataport_controller *ctl = ataport_controller_find(memory, caller);
	struct pci_dev *pdev;

	if (!ctl)
		return NULL;
	pdev = ctl->pdev;
	if (length && offset < pdev->cfg_size && length <= pdev->cfg_size - offset)
		return pdev;
	if (ataport_first_report(&ctl->reports, ATAPORT_RULE_PARAMETER, caller))
		ataport_ctl_err(ctl, "%s: %u bytes at %#x are outside the configuration space of %d bytes; refused\n",
				caller, length, offset, pdev->cfg_size);
	return NULL;
}

/**
 * AtaPortGetBusData() - read PCI configuration space
 * @ControllerExtension: controller (or channel) extension
 * @Buffer: receives the bytes
 * @ConfigDataOffset: first byte
 * @BufferLength: number of bytes
 *
 * See AtaPortGetBusData in the interface documentation.  Registers are read
 * by the widest aligned accesses that fit.
 *
 * Return: bytes read; 0 for a range that does not exist.
 * LOCKING: any.
 */
ULONG AtaPortGetBusData(PVOID ControllerExtension, PVOID Buffer,
			ULONG ConfigDataOffset, ULONG BufferLength)
{
	struct pci_dev *pdev = ataport_config_find(ControllerExtension, ConfigDataOffset,
						   BufferLength, __func__);
	u32 pos = ConfigDataOffset, left = BufferLength;
	u8 *to = Buffer;

	if (!pdev || !to)
		return 0;
	while (left) {
		unsigned int n = left >= 4 && !(pos & 3) ? 4 : left >= 2 && !(pos & 1) ? 2 : 1;
		u32 dword;
		u16 word;
		int rc;

		if (n == 4) {
			rc = pci_read_config_dword(pdev, pos, &dword);
			memcpy(to, &dword, 4);
		} else if (n == 2) {
			rc = pci_read_config_word(pdev, pos, &word);
			memcpy(to, &word, 2);
		} else {
			rc = pci_read_config_byte(pdev, pos, to);
		}
		if (rc)
			return 0;
		to += n;
		pos += n;
		left -= n;
	}
	return BufferLength;
}
EXPORT_SYMBOL_GPL(AtaPortGetBusData);

/**
 * AtaPortSetBusData() - write PCI configuration space
 * @ControllerExtension: controller (or channel) extension
 * @Buffer: bytes to write
 * @ConfigDataOffset: first byte
 * @BufferLength: number of bytes
 *
 * See AtaPortSetBusData in the interface documentation.
 *
 * Return: bytes written; 0 for a range that does not exist.
 * LOCKING: any.
 */
ULONG AtaPortSetBusData(PVOID ControllerExtension, PVOID Buffer,
			ULONG ConfigDataOffset, ULONG BufferLength)
{
	struct pci_dev *pdev = ataport_config_find(ControllerExtension, ConfigDataOffset,
						   BufferLength, __func__);
	u32 pos = ConfigDataOffset, left = BufferLength;
	const u8 *from = Buffer;

	if (!pdev || !from)
		return 0;
	while (left) {
		unsigned int n = left >= 4 && !(pos & 3) ? 4 : left >= 2 && !(pos & 1) ? 2 : 1;
		u32 dword;
		u16 word;
		int rc;

		if (n == 4) {
			memcpy(&dword, from, 4);
			rc = pci_write_config_dword(pdev, pos, dword);
		} else if (n == 2) {
			memcpy(&word, from, 2);
			rc = pci_write_config_word(pdev, pos, word);
		} else {
			rc = pci_write_config_byte(pdev, pos, *from);
		}
		if (rc)
			return 0;
		from += n;
		pos += n;
		left -= n;
	}
	return BufferLength;
}
EXPORT_SYMBOL_GPL(AtaPortSetBusData);

/**
 * AtaPortStallExecution() - wait without giving up the processor
 * @Delay: microseconds
 *
 * See AtaPortStallExecution in the interface documentation, which asks for
 * less than a millisecond.  A wait of more than ATAPORT_MAX_STALL is a mistake
 * that would look like a hang, and is cut.
 *
 * LOCKING: any.
 */
void AtaPortStallExecution(ULONG Delay)
{
	if (unlikely(Delay > ATAPORT_MAX_STALL)) {
		pr_err_ratelimited("ataport: %s(%u) called by %pS; cut to %u\n", __func__, Delay,
				   __builtin_return_address(0), ATAPORT_MAX_STALL);
		Delay = ATAPORT_MAX_STALL;
	}
	for (; Delay > 1000; Delay -= 1000)
		mdelay(1);
	udelay(Delay);
}
EXPORT_SYMBOL_GPL(AtaPortStallExecution);

/**
 * AtaPortCopyMemory() - copy memory that does not overlap
 * @WriteBuffer: destination
 * @ReadBuffer: source
 * @Length: bytes
 *
 * See AtaPortCopyMemory in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortCopyMemory(PVOID WriteBuffer, PVOID ReadBuffer, ULONG Length)
{
	memcpy(WriteBuffer, ReadBuffer, Length);
}
EXPORT_SYMBOL_GPL(AtaPortCopyMemory);

/**
 * AtaPortMoveMemory() - copy memory that may overlap
 * @WriteBuffer: destination
 * @ReadBuffer: source
 * @Length: bytes
 *
 * See AtaPortMoveMemory in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortMoveMemory(PVOID WriteBuffer, PVOID ReadBuffer, ULONG Length)
{
	memmove(WriteBuffer, ReadBuffer, Length);
}
EXPORT_SYMBOL_GPL(AtaPortMoveMemory);

/**
 * AtaPortConvertUlongToPhysicalAddress() - widen an address
 * @UlongAddress: address
 *
 * See AtaPortConvertUlongToPhysicalAddress in the interface documentation.
 *
 * LOCKING: any.
 */
IDE_PHYSICAL_ADDRESS AtaPortConvertUlongToPhysicalAddress(ULONG_PTR UlongAddress)
{
	return (IDE_PHYSICAL_ADDRESS) { .QuadPart = UlongAddress };
}
EXPORT_SYMBOL_GPL(AtaPortConvertUlongToPhysicalAddress);

/**
 * AtaPortConvertPhysicalAddressToUlong() - low 32 bits of an address
 * @Address: address
 *
 * See AtaPortConvertPhysicalAddressToUlong in the interface documentation.
 *
 * LOCKING: any.
 */
ULONG AtaPortConvertPhysicalAddressToUlong(IDE_PHYSICAL_ADDRESS Address)
{
	return Address.LowPart;
}
EXPORT_SYMBOL_GPL(AtaPortConvertPhysicalAddressToUlong);

/**
 * AtaPortQuerySystemTime() - wall clock
 * @CurrentTime: receives units of 100 ns since 1601-01-01 UTC
 *
 * See AtaPortQuerySystemTime in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
	if (!CurrentTime)
		return;
	CurrentTime->QuadPart = ktime_get_real_ns() / 100 + ATAPORT_EPOCH_OFFSET;
}
EXPORT_SYMBOL_GPL(AtaPortQuerySystemTime);

/*
 * Windows conversions differ from the kernel's in their length words (I64,
 * I32, w) and in S, Z and wide strings.  A conversion is taken from the list
 * by its true type, and printed by the kernel's own.
 */
struct ataport_conversion {
	char	flags[6];
	int	width;		/* below 0: to the left */
	int	precision;	/* below 0: none */
	int	bytes;		/* of an integer */
	bool	narrow, wide;	/* h, w or l */
	char	type;
};

/* More than a line holds says no more. */
#define ATAPORT_MAX_WIDTH	256

static const char *ataport_parse_number(const char *p, va_list *args, int *number)
{
	*number = 0;
	if (*p == '*') {
		*number = clamp(va_arg(*args, int), -ATAPORT_MAX_WIDTH, ATAPORT_MAX_WIDTH);
		return p + 1;
	}
	for (; isdigit(*p); p++)
		*number = min(*number * 10 + *p - '0', ATAPORT_MAX_WIDTH);
	return p;
}

static const char *ataport_parse_length(const char *p, struct ataport_conversion *c)
{
	if (!strncmp(p, "I64", 3)) {
		c->bytes = 8;
		return p + 3;
	}
	if (!strncmp(p, "I32", 3))
		return p + 3;
	if (!strncmp(p, "ll", 2)) {
		c->bytes = 8;
		return p + 2;
	}
	if (*p == 'I' || *p == 'z') {
		c->bytes = sizeof(void *);
		return p + 1;
	}
	/* A Windows long has 32 bits. */
	for (; *p == 'h' || *p == 'l' || *p == 'w'; p++) {
		if (*p == 'h' && c->bytes > 1)
			c->bytes /= 2;
		c->narrow = *p == 'h';
		c->wide = *p != 'h';
	}
	return p;
}

static const char *ataport_parse_conversion(const char *p, struct ataport_conversion *c,
					    va_list *args)
{
	unsigned int n = 0;

	memset(c, 0, sizeof(*c));
	for (; *p && strchr("-+ #0", *p); p++)
		if (n < sizeof(c->flags) - 1)
			c->flags[n++] = *p;
	p = ataport_parse_number(p, args, &c->width);
	c->precision = -1;
	if (*p == '.')
		p = ataport_parse_number(p + 1, args, &c->precision);
	c->bytes = 4;
	p = ataport_parse_length(p, c);
	c->type = *p;
	return *p ? p + 1 : p;
}

/* Blanks around the @n characters at @to, up to the width. */
static int ataport_pad(char *to, size_t size, const struct ataport_conversion *c, size_t n)
{
	size_t width = min_t(size_t, abs(c->width), size ? size - 1 : 0);

	if (n >= width)
		return n;
	if (c->width < 0 || strchr(c->flags, '-')) {
		memset(to + n, ' ', width - n);
	} else {
		memmove(to + width - n, to, n);
		memset(to, ' ', width - n);
	}
	to[width] = '\0';
	return width;
}

/* At most @max characters of 8 or 16 bits, as ASCII where they are wide. */
static int ataport_print_string(char *to, size_t size, const struct ataport_conversion *c,
				const void *from, bool wide, size_t max)
{
	const WCHAR *w = from;
	const char *s = from;
	size_t i;

	if (!from) {
		s = "(null)";
		wide = false;
		max = SIZE_MAX;
	}
	if (c->precision >= 0)
		max = min_t(size_t, max, c->precision);
	for (i = 0; i + 1 < size && i < max && (wide ? w[i] : s[i]); i++)
		to[i] = !wide ? s[i] : w[i] < 0x80 ? w[i] : '?';
	if (size)
		to[i] = '\0';
	return ataport_pad(to, size, c, i);
}

static int ataport_print_integer(char *to, size_t size, const struct ataport_conversion *c,
				 va_list *args)
{
	bool is_signed = c->type == 'd' || c->type == 'i';
	long long value;
	char spec[16];

	if (c->bytes == 8)
		value = va_arg(*args, long long);
	else
		value = va_arg(*args, int);
	/* Only what the length word says of it, with its sign or without. */
	value = is_signed ? sign_extend64(value, c->bytes * 8 - 1) :
			    value & GENMASK_ULL(c->bytes * 8 - 1, 0);
	snprintf(spec, sizeof(spec), "%%%s*.*ll%c", c->flags, c->type);
	return scnprintf(to, size, spec, c->width, c->precision, value);
}

struct ataport_counted_string {
	USHORT	length, maximum;
	void	*buffer;
};

static int ataport_print_one(char *to, size_t size, struct ataport_conversion *c,
			     va_list *args)
{
	const struct ataport_counted_string *counted;

	switch (c->type) {
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		return ataport_print_integer(to, size, c, args);
	case 'c':
	case 'C':
		return ataport_pad(to, size, c,
				   scnprintf(to, size, "%c", va_arg(*args, int) & 0x7f));
	case 'p':
		return scnprintf(to, size, "%p", va_arg(*args, void *));
	case 'S':
		return ataport_print_string(to, size, c, va_arg(*args, const void *),
					    !c->narrow, SIZE_MAX);
	case 's':
		return ataport_print_string(to, size, c, va_arg(*args, const void *),
					    c->wide, SIZE_MAX);
	case 'Z':
		counted = va_arg(*args, const struct ataport_counted_string *);
		return ataport_print_string(to, size, c, counted ? counted->buffer : NULL, c->wide,
					    !counted ? 0 : c->wide ? counted->length / 2 :
					    counted->length);
	default:
		/* Its argument has an unknown size: nothing after it can be read. */
		return -EINVAL;
	}
}

static void ataport_format(char *to, size_t size, const char *format, va_list *args)
{
	size_t used = 0;

	while (*format && used + 1 < size) {
		struct ataport_conversion c;
		int n;

		if (*format != '%' || format[1] == '%') {
			if (*format == '%')
				format++;
			to[used++] = *format++;
			continue;
		}
		format = ataport_parse_conversion(format + 1, &c, args);
		n = ataport_print_one(to + used, size - used, &c, args);
		if (n < 0) {
			used += scnprintf(to + used, size - used, "<bad conversion>");
			break;
		}
		used += n;
	}
	to[used] = '\0';
}

/**
 * AtaPortDebugPrint() - a line for the kernel log
 * @DebugPrintLevel: 0 (important) to 3
 * @DebugMessage: Windows format; %I64x, %ws, %S, %Z and %wZ are known
 *
 * See AtaPortDebugPrint in the interface documentation.  The module parameter
 * debug_level says up to which level messages are logged.
 *
 * LOCKING: any.
 */
void AtaPortDebugPrint(ULONG DebugPrintLevel, PCCHAR DebugMessage, ...)
{
	char line[256];
	va_list args;
	size_t n;

	if (DebugPrintLevel > READ_ONCE(ataport_debug_level) || !DebugMessage)
		return;
	va_start(args, DebugMessage);
	ataport_format(line, sizeof(line), DebugMessage, &args);
	va_end(args);
	n = strlen(line);
	while (n && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		line[--n] = '\0';
	pr_info("ataport: %s\n", line);
}
EXPORT_SYMBOL_GPL(AtaPortDebugPrint);

/**
 * AtaPortLogError() - an entry for the error log
 * @ChannelExtension: channel
 * @ErrorLogEntry: what happened
 *
 * See AtaPortLogError in the interface documentation.  The kernel log takes
 * the place of the event log.
 *
 * LOCKING: any.
 */
void AtaPortLogError(PVOID ChannelExtension, PIDE_ERROR_LOG_ENTRY ErrorLogEntry)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	const IDE_ERROR_LOG_ENTRY *e = ErrorLogEntry;

	if (!ch || !e)
		return;
	dev_err_ratelimited(&ch->ctl->pdev->dev,
			    "%s: channel %u: miniport error: target %u lun %u IrbStatus %#x id %u data %*ph\n",
			    ch->ctl->mp->name, ch->number, e->TargetId, e->Lun,
			    e->IrbStatus, e->UniqueId,
			    min_t(int, e->DumpDataSize, 64), e->DumpData);
}
EXPORT_SYMBOL_GPL(AtaPortLogError);

/**
 * AtaPortDebugBreak() - where a debugger would be entered
 * @ChannelExtension: channel
 *
 * See AtaPortDebugBreak in the interface documentation.  The place is logged
 * and the machine goes on.
 *
 * LOCKING: any.
 */
void AtaPortDebugBreak(PVOID ChannelExtension)
{
	pr_err_ratelimited("ataport: %s called by %pS\n", __func__,
			   __builtin_return_address(0));
}
EXPORT_SYMBOL_GPL(AtaPortDebugBreak);
