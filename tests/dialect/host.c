// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the self-check of the dialect miniport as an ordinary program, so that
 * most of what can go wrong is found without booting a guest, and checks what
 * a guest cannot see: the arguments that the 16 wrappers of irb.h hand on.
 *
 * The routines below stand for the port driver's; each one notes what it was
 * called with.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "irb.h"

ULONG DriverEntry(PVOID DriverObject, PVOID RegistryPath);
extern ULONG DialectChecks;
extern BOOLEAN DialectBroke;

static char seen[256];
static unsigned int wrappers;
static unsigned int failures;
static IDE_CONTROLLER_INTERFACE given;

static void note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(seen, sizeof(seen), format, args);
	va_end(args);
}

VOID AtaPortDebugPrint(ULONG DebugPrintLevel, PCCHAR DebugMessage, ...)
{
	va_list args;

	(void)DebugPrintLevel;
	fputs("# ", stdout);
	va_start(args, DebugMessage);
	vprintf(DebugMessage, args);
	va_end(args);
}

VOID AtaPortDebugBreak(PVOID ChannelExtension)
{
	(void)ChannelExtension;
	DialectBroke = TRUE;
}

ULONG AtaPortInitializeEx(PVOID DriverObject, PVOID RegistryPath,
			  PIDE_CONTROLLER_INTERFACE ControllerInterface)
{
	(void)DriverObject;
	(void)RegistryPath;
	given = *ControllerInterface;
	return 0;
}

VOID AtaPortDeviceStateChange(PVOID ChannelExtension, UCHAR TargetId,
			      UCHAR Lun, ULONG BusyTimeout)
{
	note("state %p %u %u %u", ChannelExtension, TargetId, Lun, BusyTimeout);
}

BOOLEAN AtaPortRequestCallback(IDE_CALLBACK_TYPE CallbackType,
			       PVOID ChannelExtension,
			       IDE_HW_DPC CallBackRoutine, ULONG TimerValue)
{
	note("callback %d %p %p %u", CallbackType, ChannelExtension,
	     (void *)CallBackRoutine, TimerValue);
	return TRUE;
}

VOID AtaPortNotification(IDE_NOTIFICATION_TYPE NotificationType,
			 PVOID ChannelExtension, ...)
{
	char *end = seen + sizeof(seen);
	char *p = seen;
	va_list args;
	int count = NotificationType == IdePowerStateChange ? 3 : 1;

	p += snprintf(p, end - p, "notify %d %p", NotificationType,
		      ChannelExtension);
	va_start(args, ChannelExtension);
	while (count--)
		p += snprintf(p, end - p, " %u", va_arg(args, ULONG));
	va_end(args);
}

static BOOLEAN registry(const char *name, PVOID ChannelExtension,
			UCHAR ControllerNumber, BOOLEAN ChannelSubKey,
			PCHAR ValueName, UCHAR ValueType, PUCHAR Buffer,
			PULONG BufferLength)
{
	note("%s %p %u %u %s %u %p %p", name, ChannelExtension,
	     ControllerNumber, ChannelSubKey, ValueName, ValueType, Buffer,
	     BufferLength);
	return TRUE;
}

BOOLEAN AtaPortRegistryRead(PVOID ChannelExtension, UCHAR ControllerNumber,
			    BOOLEAN ChannelSubKey, PCHAR ValueName,
			    UCHAR ValueType, PUCHAR Buffer,
			    PULONG BufferLength)
{
	return registry("read", ChannelExtension, ControllerNumber,
			ChannelSubKey, ValueName, ValueType, Buffer,
			BufferLength);
}

BOOLEAN AtaPortRegistryWrite(PVOID ChannelExtension, UCHAR ControllerNumber,
			     BOOLEAN ChannelSubKey, PCHAR ValueName,
			     UCHAR ValueType, PUCHAR Buffer,
			     PULONG BufferLength)
{
	return registry("write", ChannelExtension, ControllerNumber,
			ChannelSubKey, ValueName, ValueType, Buffer,
			BufferLength);
}

BOOLEAN AtaPortRegistryWriteDeferred(PVOID ChannelExtension,
				     UCHAR ControllerNumber,
				     BOOLEAN ChannelSubKey, PCHAR ValueName,
				     UCHAR ValueType, PUCHAR Buffer,
				     PULONG BufferLength)
{
	return registry("defer", ChannelExtension, ControllerNumber,
			ChannelSubKey, ValueName, ValueType, Buffer,
			BufferLength);
}

/* Call a wrapper, then compare what the routine below it was called with. */
#define wrapper(call, ...)						\
	do {								\
		char expected[sizeof(seen)];				\
									\
		seen[0] = '\0';						\
		call;							\
		snprintf(expected, sizeof(expected), __VA_ARGS__);	\
		wrappers++;						\
		if (strcmp(seen, expected)) {				\
			failures++;					\
			printf("# failed: %s gave \"%s\", not \"%s\"\n", \
			       #call, seen, expected);			\
		}							\
	} while (0)

static void routine(PVOID ChannelExtension)
{
	(void)ChannelExtension;
}

static void check_wrappers(void)
{
	PVOID ch = (PVOID)0x1000;
	PUCHAR buffer = (PUCHAR)0x2000;
	PULONG length = (PULONG)0x3000;
	PCHAR name = "name";

	wrapper(AtaPortDeviceBusy(ch, 1, 2, 30), "state %p 1 2 30", ch);
	wrapper(AtaPortDeviceReady(ch, 1, 2), "state %p 1 2 0", ch);

	wrapper(AtaPortRegistryControllerKeyRead(ch, 3, name, IDE_REG_SZ,
						 buffer, length),
		"read %p 3 0 name 1 %p %p", ch, buffer, length);
	wrapper(AtaPortRegistryControllerKeyWrite(ch, 3, name, IDE_REG_BINARY,
						  buffer, length),
		"write %p 3 0 name 3 %p %p", ch, buffer, length);
	wrapper(AtaPortRegistryControllerKeyWriteDeferred(ch, 3, name,
							  IDE_REG_DWORD,
							  buffer, length),
		"defer %p 3 0 name 4 %p %p", ch, buffer, length);
	wrapper(AtaPortRegistryChannelSubkeyRead(ch, 3, name, IDE_REG_SZ,
						 buffer, length),
		"read %p 3 1 name 1 %p %p", ch, buffer, length);
	wrapper(AtaPortRegistryChannelSubkeyWrite(ch, 3, name, IDE_REG_BINARY,
						  buffer, length),
		"write %p 3 1 name 3 %p %p", ch, buffer, length);
	wrapper(AtaPortRegistryChannelSubkeyWriteDeferred(ch, 3, name,
							  IDE_REG_DWORD,
							  buffer, length),
		"defer %p 3 1 name 4 %p %p", ch, buffer, length);

	wrapper(AtaPortRequestTimer(ch, routine, 250), "callback 0 %p %p 250",
		ch, (void *)routine);
	wrapper(AtaPortRequestWorkerRoutine(ch, routine),
		"callback 1 %p %p 0", ch, (void *)routine);
	wrapper(AtaPortRequestSynchronizedRoutine(ch, routine),
		"callback 2 %p %p 0", ch, (void *)routine);
	wrapper(AtaPortControllerSyncRoutine(ch, routine),
		"callback 3 %p %p 0", ch, (void *)routine);

	wrapper(AtaPortBusChangeDetected(ch), "notify 0 %p 255", ch);
	wrapper(AtaPortDeviceArrived(ch, 1), "notify 0 %p 1", ch);
	wrapper(AtaPortDeviceRemoved(ch, 1), "notify 1 %p 1", ch);
	wrapper(AtaPortRequestPowerStateChange(ch, 1, 2, IdePowerD3),
		"notify 2 %p 1 2 2", ch);
}

int main(void)
{
	ULONG status = DriverEntry(NULL, NULL);

	if (status || given.Version != sizeof(given)) {
		printf("# failed: DriverEntry returned %#x\n", status);
		failures++;
	}
	check_wrappers();
	printf("%u checks, %u wrappers, %u failed\n", DialectChecks, wrappers,
	       failures);
	return failures || wrappers != 16 || !DialectChecks;
}
