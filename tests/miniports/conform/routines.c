// SPDX-License-Identifier: GPL-2.0-only
/*
 * Routines that need no request: configuration space, mappings, memory,
 * accessors, tags, time, messages.
 */
#include "conform.h"

/* Nothing depends on this byte of configuration space: Cache Line Size. */
#define CONF_SCRATCH        0x0c
/* Registers of an AHCI port that nobody uses: PxCLB, PxCLBU, PxFB, PxFBU of port 4. */
#define CONF_PORT4          0x300
#define CONF_VERSION        0x10
/* The index register of the index/data pair in port space. */
#define CONF_INDEX          0x10

VOID
ConfBusData(PVOID Extension)
{
    UCHAR Bytes[300];
    ULONG Offset, Length, i, Size;

    for (Size = 64; Size < 4096 && conf_linux.config((int)Size) >= 0; Size *= 2)
        ;
    for (Offset = 0; Offset < 8; Offset++) {
        for (Length = 1; Length < 20; Length++) {
            BOOLEAN Same;

            RtlFillMemory(Bytes, sizeof(Bytes), 0xa5);
            Same = AtaPortGetBusData(Extension, Bytes, Offset, Length) == Length;
            for (i = 0; i < Length; i++)
                Same = Same && Bytes[i] == conf_linux.config((int)(Offset + i));
            CHECK(BUS_GET, Same && Bytes[Length] == 0xa5);
        }
    }
    CHECK(BUS_GET, AtaPortGetBusData(Extension, Bytes, 0, 256) == 256 &&
          Bytes[0] == conf_linux.config(0) && Bytes[255] == conf_linux.config(255));
    CHECK(BUS_GET, AtaPortGetBusData(Extension, Bytes, Size - 1, 1) == 1);
    CHECK(BUS_GET_END, AtaPortGetBusData(Extension, Bytes, Size - 1, 2) == 0);
    CHECK(BUS_GET_END, AtaPortGetBusData(Extension, Bytes, Size, 1) == 0);
    CHECK(BUS_GET_END, AtaPortGetBusData(Extension, Bytes, 0xffffffff, 2) == 0);

    Bytes[0] = 0x3c;
    CHECK(BUS_SET, AtaPortSetBusData(Extension, Bytes, CONF_SCRATCH, 1) == 1 &&
          conf_linux.config(CONF_SCRATCH) == 0x3c);
    /* Together with what stands before it, as it stands. */
    CHECK(BUS_SET, AtaPortGetBusData(Extension, Bytes, 8, 5) == 5);
    Bytes[4] = 0x5d;
    CHECK(BUS_SET, AtaPortSetBusData(Extension, Bytes, 8, 5) == 5 &&
          conf_linux.config(CONF_SCRATCH) == 0x5d);
    Bytes[0] = 0;
    CHECK(BUS_SET, AtaPortSetBusData(Extension, Bytes, CONF_SCRATCH, 1) == 1 &&
          conf_linux.config(CONF_SCRATCH) == 0);
    CHECK(BUS_SET_END, AtaPortSetBusData(Extension, Bytes, Size - 1, 2) == 0);
    CHECK(BUS_SET_END, AtaPortSetBusData(Extension, Bytes, Size, 1) == 0);
}

static PUCHAR
ConfBase(PVOID Extension, PIDE_ACCESS_RANGE Range)
{
    return AtaPortGetDeviceBase(Extension, Range->RangeStart, Range->RangeLength);
}

VOID
ConfDeviceBase(PVOID Controller, PVOID Channel)
{
    PIDE_ACCESS_RANGE Range = &ConfController->Memory;
    PUCHAR Base = ConfBase(Controller, Range);
    IDE_PHYSICAL_ADDRESS Address;

    CHECK(BASE_BOTH, Base != NULL && ConfBase(Controller, &ConfController->Ports) != NULL);
    CHECK(BASE_SAME, ConfBase(Channel, Range) == Base && ConfBase(Controller, Range) == Base);
    Address.QuadPart = Range->RangeStart.QuadPart + 0x100;
    CHECK(BASE_SAME, AtaPortGetDeviceBase(Channel, Address, 0x80) == Base + 0x100);

    CHECK(BASE_REFUSED, AtaPortGetDeviceBase(Channel, Range->RangeStart, Range->RangeLength + 1) == NULL);
    Address.QuadPart = Range->RangeStart.QuadPart + Range->RangeLength;
    CHECK(BASE_REFUSED, AtaPortGetDeviceBase(Channel, Address, 1) == NULL);
    Address.QuadPart = Range->RangeStart.QuadPart - 1;
    CHECK(BASE_REFUSED, AtaPortGetDeviceBase(Channel, Address, 2) == NULL);
    CHECK(BASE_REFUSED, AtaPortGetDeviceBase(Channel, Range->RangeStart, 0) == NULL);
}

/* In IdeHwControl(IdeStart). */
VOID
ConfMemory(PCONF_CHANNEL Channel)
{
    IDE_PHYSICAL_ADDRESS Address;
    ULONG Length = 0;
    ULONG Bits = 0;
    UCHAR Byte = 0;
    ULONG i;

    Channel->Uncached = AtaPortGetUnCachedExtension(Channel, CONF_UNCACHED, CONF_EXTENSION);
    CHECK(UNCACHED_FORM, Channel->Uncached != NULL && ((ULONG_PTR)Channel->Uncached & 4095) == 0);
    if (Channel->Uncached == NULL)
        return;
    for (i = 0; i < CONF_UNCACHED; i++)
        Bits |= Channel->Uncached[i];
    CHECK(UNCACHED_FORM, Bits == 0);
    CHECK(UNCACHED_TWICE, AtaPortGetUnCachedExtension(Channel, CONF_UNCACHED, 0) == NULL);

    Address = AtaPortGetPhysicalAddress(Channel, NULL, Channel->Uncached + 100, &Length);
    CHECK(PHYS_UNCACHED, Address.QuadPart != 0 && Length >= CONF_UNCACHED - 100 &&
          (Address.LowPart & 4095) == 100);
    Channel->Uncached[100] = CONF_BUILT;
    conf_linux.copy(Address.QuadPart, &Byte, 1, 0);
    CHECK(PHYS_UNCACHED, Byte == CONF_BUILT);
    Address = AtaPortGetPhysicalAddress(Channel, NULL, Channel->Uncached - 1, &Length);
    CHECK(PHYS_OTHER, Address.QuadPart == 0 && Length == 0);
}

static VOID
ConfCopies(VOID)
{
    UCHAR From[64], To[64];
    BOOLEAN Same = TRUE;
    ULONG i;

    for (i = 0; i < 64; i++)
        From[i] = (UCHAR)(i * 3 + 1);
    RtlZeroMemory(To, sizeof(To));
    AtaPortCopyMemory(To + 1, From, 40);
    for (i = 0; i < 40; i++)
        Same = Same && To[i + 1] == From[i];
    CHECK(COPY, Same && To[0] == 0 && To[41] == 0);

    AtaPortCopyMemory(To, From, 64);
    AtaPortMoveMemory(To + 5, To, 50);
    for (Same = TRUE, i = 0; i < 50; i++)
        Same = Same && To[i + 5] == From[i];
    CHECK(MOVE, Same && To[0] == From[0] && To[55] == From[55]);
    AtaPortCopyMemory(To, From, 64);
    AtaPortMoveMemory(To, To + 7, 50);
    for (Same = TRUE, i = 0; i < 50; i++)
        Same = Same && To[i] == From[i + 7];
    CHECK(MOVE, Same && To[50] == From[50]);
}

/* The shortest of some waits: what interrupts one only makes it longer. */
static unsigned long long
ConfShortest(BOOLEAN Kernel, ULONG Delay)
{
    unsigned long long Before, Took, Shortest = ~0ULL;
    ULONG i;

    for (i = 0; i < 5; i++) {
        Before = conf_linux.now();
        if (Kernel)
            conf_linux.delay(Delay);
        else
            AtaPortStallExecution(Delay);
        Took = conf_linux.now() - Before;
        Shortest = min(Shortest, Took);
    }
    return Shortest;
}

VOID
ConfUtilities(PCONF_CHANNEL Channel)
{
    static const ULONG Delays[] = { 1, 50, 999, 2500 };
    LARGE_INTEGER Time, Later;
    IDE_PHYSICAL_ADDRESS Address;
    unsigned long long Before;
    ULONG i;

    UNREFERENCED_PARAMETER(Channel);
    for (i = 0; i < ARRAYSIZE(Delays); i++) {
        /* The kernel's own wait is as exact as its calibration, which an emulator can upset. */
        CHECK(STALL, ConfShortest(FALSE, Delays[i]) >= ConfShortest(TRUE, Delays[i]) * 8 / 10);
    }
    ConfCopies();

    Address = AtaPortConvertUlongToPhysicalAddress(0xfedcba98);
    CHECK(TO_PHYSICAL, Address.QuadPart == 0xfedcba98LL);
    Address = AtaPortConvertUlongToPhysicalAddress((ULONG_PTR)0x123456789abcULL);
    CHECK(TO_PHYSICAL, sizeof(ULONG_PTR) == 4 || Address.QuadPart == 0x123456789abcLL);
    Address.QuadPart = 0x1122334455667788LL;
    CHECK(TO_ULONG, AtaPortConvertPhysicalAddressToUlong(Address) == 0x55667788);

    /* 134774 days from 1601 to 1970. */
    Before = conf_linux.wall() / 100 + 134774ULL * 86400 * 10000000;
    AtaPortQuerySystemTime(&Time);
    CHECK(SYSTEM_TIME, (ULONGLONG)Time.QuadPart >= Before &&
          (ULONGLONG)Time.QuadPart < Before + 50000000);
    conf_linux.sleep();
    AtaPortQuerySystemTime(&Later);
    CHECK(SYSTEM_TIME, Later.QuadPart >= Time.QuadPart + 10000 - 1000);
}

/* Tags of one allocator; Target as the routines take it. */
static VOID
ConfTagsOf(PCONF_CHANNEL Channel, UCHAR Target, UCHAR Max)
{
    BOOLEAN Seen[256];
    ULONG i, Bad = 0;
    UCHAR Tag;

    RtlZeroMemory(Seen, sizeof(Seen));
    CHECK(TAG_INIT, AtaPortInitializeQueueTag(Channel, Target, 0, Max));
    for (i = 0; i < Max; i++) {
        Tag = AtaPortAllocateQueueTag(Channel, Target, 0);
        if (Tag < 1 || Tag > Max || Seen[Tag])
            Bad++;
        Seen[Tag] = TRUE;
    }
    CHECK(TAG_RANGE, Bad == 0);
    CHECK(TAG_RANGE, AtaPortAllocateQueueTag(Channel, Target, 0) == 0);
    AtaPortReleaseQueueTag(Channel, Target, 0, Max);
    CHECK(TAG_RELEASE, AtaPortAllocateQueueTag(Channel, Target, 0) == Max);
    CHECK(TAG_RELEASE, AtaPortAllocateQueueTag(Channel, Target, 0) == 0);
    for (i = 1; i <= Max; i++)
        AtaPortReleaseQueueTag(Channel, Target, 0, (UCHAR)i);
    CHECK(TAG_RELEASE, AtaPortAllocateQueueTag(Channel, Target, 0) != 0);
}

VOID
ConfTags(PCONF_CHANNEL Channel)
{
    CHECK(TAG_UNINITIALIZED, AtaPortAllocateQueueTag(Channel, 1, 0) == 0);
    ConfTagsOf(Channel, 0, 4);
    ConfTagsOf(Channel, IDE_UNTAGGED, 255);
    ConfTagsOf(Channel, 0, 1);
    /* An allocator for each: the channel's has tag 1 out, the target's too. */
    CHECK(TAG_INIT, AtaPortAllocateQueueTag(Channel, IDE_UNTAGGED, 0) == 2);
    CHECK(TAG_INIT, !AtaPortInitializeQueueTag(Channel, 0, 0, 0));
    CHECK(TAG_INIT, !AtaPortInitializeQueueTag(Channel, 7, 0, 4));
    AtaPortReleaseQueueTag(Channel, 0, 0, 1);
    AtaPortReleaseQueueTag(Channel, 0, 0, 1);
    CHECK(TAG_TWICE, AtaPortAllocateQueueTag(Channel, 0, 0) == 1 &&
          AtaPortAllocateQueueTag(Channel, 0, 0) == 0);
}

/*
 * Values: what the machine's registers must read, whatever the width, and
 * memory that keeps what is written (AHCI ignores writes that are not aligned).
 */
VOID
ConfValues(PCONF_CHANNEL Channel)
{
    PUCHAR M = ConfBase(Channel, &ConfController->Memory);
    PUCHAR P = ConfBase(Channel, &ConfController->Ports);
    PULONG Index = (PULONG)(P + CONF_INDEX);
    ULONG Wide[4], Wanted[4] = { 0x12345400, 0x9abcdef0, 0x13579b00, 0x2468ace0 };
    USHORT Half[4];
    UCHAR Byte[8];
    ULONG Version, i;

    if (M == NULL || P == NULL)
        return;
    Version = AtaPortReadRegisterUlong((PULONG)(M + CONF_VERSION));
    CHECK(READ_REGISTER_ULONG_V, Version >= 0x10000 && Version <= 0x10301);
    CHECK(READ_REGISTER_USHORT_V,
          AtaPortReadRegisterUshort((PUSHORT)(M + CONF_VERSION)) == (Version & 0xffff) &&
          AtaPortReadRegisterUshort((PUSHORT)(M + CONF_VERSION + 2)) == Version >> 16);
    CHECK(READ_REGISTER_UCHAR_V, AtaPortReadRegisterUchar(M + CONF_VERSION + 2) ==
          ((Version >> 16) & 0xff));

    for (i = 0; i < 4; i++)
        AtaPortWriteRegisterUlong((PULONG)(M + CONF_PORT4) + i, 0);
    AtaPortWriteRegisterBufferUlong((PULONG)(M + CONF_PORT4), Wanted, 4);
    AtaPortReadRegisterBufferUlong((PULONG)(M + CONF_PORT4), Wide, 4);
    CHECK(WRITE_REGISTER_BUF_ULONG_V, RtlCompareMemory(Wide, Wanted, 16) == 16);
    CHECK(READ_REGISTER_BUF_ULONG_V, RtlCompareMemory(Wide, Wanted, 16) == 16);
    AtaPortReadRegisterBufferUshort((PUSHORT)(M + CONF_PORT4), Half, 4);
    CHECK(READ_REGISTER_BUF_USHORT_V, Half[0] == 0x5400 && Half[1] == 0x1234 &&
          Half[2] == 0xdef0 && Half[3] == 0x9abc);
    AtaPortReadRegisterBufferUchar(M + CONF_PORT4, Byte, 8);
    CHECK(READ_REGISTER_BUF_UCHAR_V, Byte[0] == 0x00 && Byte[1] == 0x54 && Byte[3] == 0x12 &&
          Byte[4] == 0xf0 && Byte[7] == 0x9a);
    AtaPortWriteRegisterUlong((PULONG)(M + CONF_PORT4), 0xcafe0000);
    CHECK(WRITE_REGISTER_ULONG_V, AtaPortReadRegisterUlong((PULONG)(M + CONF_PORT4)) == 0xcafe0000);
    AtaPortWriteRegisterUshort((PUSHORT)(M + CONF_PORT4), 0xbeef);
    CHECK(WRITE_REGISTER_USHORT_V, AtaPortReadRegisterUlong((PULONG)(M + CONF_PORT4)) == 0xbeef);
    AtaPortWriteRegisterUchar(M + CONF_PORT4, 0x5a);
    CHECK(WRITE_REGISTER_UCHAR_V, AtaPortReadRegisterUlong((PULONG)(M + CONF_PORT4)) == 0x5a);
    Half[0] = 0x1111;
    AtaPortWriteRegisterBufferUshort((PUSHORT)(M + CONF_PORT4), Half, 1);
    CHECK(WRITE_REGISTER_BUF_USHORT_V, AtaPortReadRegisterUlong((PULONG)(M + CONF_PORT4)) == 0x1111);
    Byte[0] = 0x22;
    AtaPortWriteRegisterBufferUchar(M + CONF_PORT4, Byte, 1);
    CHECK(WRITE_REGISTER_BUF_UCHAR_V, AtaPortReadRegisterUlong((PULONG)(M + CONF_PORT4)) == 0x22);

    /* The index register keeps bits 2 to 11. */
    AtaPortWritePortUlong(Index, 0x5a4);
    CHECK(WRITE_PORT_ULONG_V, AtaPortReadPortUlong(Index) == 0x5a4);
    CHECK(READ_PORT_ULONG_V, AtaPortReadPortUlong(Index) == 0x5a4);
    CHECK(READ_PORT_USHORT_V, AtaPortReadPortUshort((PUSHORT)Index) == 0x5a4);
    CHECK(READ_PORT_UCHAR_V, AtaPortReadPortUchar((PUCHAR)Index) == 0xa4);
    AtaPortReadPortBufferUlong(Index, Wide, 3);
    CHECK(READ_PORT_BUF_ULONG_V, Wide[0] == 0x5a4 && Wide[1] == 0x5a4 && Wide[2] == 0x5a4);
    AtaPortReadPortBufferUshort((PUSHORT)Index, Half, 3);
    CHECK(READ_PORT_BUF_USHORT_V, Half[0] == 0x5a4 && Half[1] == 0x5a4 && Half[2] == 0x5a4);
    AtaPortReadPortBufferUchar((PUCHAR)Index, Byte, 3);
    CHECK(READ_PORT_BUF_UCHAR_V, Byte[0] == 0xa4 && Byte[1] == 0xa4 && Byte[2] == 0xa4);
    AtaPortWritePortUshort((PUSHORT)Index, 0x348);
    CHECK(WRITE_PORT_USHORT_V, AtaPortReadPortUlong(Index) == 0x348);
    AtaPortWritePortUchar((PUCHAR)Index, 0x70);
    CHECK(WRITE_PORT_UCHAR_V, AtaPortReadPortUlong(Index) == 0x70);
    /* Written again and again: the last one stays. */
    AtaPortWritePortBufferUlong(Index, Wanted, 2);
    CHECK(WRITE_PORT_BUF_ULONG_V, AtaPortReadPortUlong(Index) == (Wanted[1] & 0xffc));
    Half[1] = 0x7f0;
    AtaPortWritePortBufferUshort((PUSHORT)Index, Half, 2);
    CHECK(WRITE_PORT_BUF_USHORT_V, AtaPortReadPortUlong(Index) == 0x7f0);
    Byte[2] = 0x6c;
    AtaPortWritePortBufferUchar((PUCHAR)Index, Byte, 3);
    CHECK(WRITE_PORT_BUF_UCHAR_V, AtaPortReadPortUlong(Index) == 0x6c);
    AtaPortWritePortUlong(Index, 0);
}

/* One mark, one routine; the machine's trace is held against a list by the test. */
VOID
ConfAccesses(PCONF_CHANNEL Channel)
{
    PUCHAR M = ConfBase(Channel, &ConfController->Memory);
    PUCHAR P = ConfBase(Channel, &ConfController->Ports);
    PUCHAR R;
    ULONG Wide[4] = { 0x11111111, 0x22222222, 0x33333333, 0x44444444 }, WideIn[4];
    USHORT Half[4] = { 0x1111, 0x2222, 0x3333, 0x4444 }, HalfIn[4];
    UCHAR Byte[5] = { 0x11, 0x22, 0x33, 0x44, 0x55 }, ByteIn[5];

    if (M == NULL || P == NULL)
        return;
    R = M + CONF_PORT4;
    conf_linux.mark(1);
    AtaPortReadPortUchar(P + 1);
    conf_linux.mark(2);
    AtaPortReadPortUshort((PUSHORT)(P + 2));
    conf_linux.mark(3);
    AtaPortReadPortUlong((PULONG)(P + 4));
    conf_linux.mark(4);
    AtaPortReadPortBufferUchar(P + 4, ByteIn, 5);
    conf_linux.mark(5);
    AtaPortReadPortBufferUshort((PUSHORT)(P + 4), HalfIn, 3);
    conf_linux.mark(6);
    AtaPortReadPortBufferUlong((PULONG)(P + 4), WideIn, 4);
    conf_linux.mark(7);
    AtaPortWritePortUchar(P + 1, 0xa5);
    conf_linux.mark(8);
    AtaPortWritePortUshort((PUSHORT)(P + 2), 0xa5b6);
    conf_linux.mark(9);
    AtaPortWritePortUlong((PULONG)(P + 4), 0xa5b6c7d8);
    conf_linux.mark(10);
    AtaPortWritePortBufferUchar(P + 4, Byte, 5);
    conf_linux.mark(11);
    AtaPortWritePortBufferUshort((PUSHORT)(P + 4), Half, 3);
    conf_linux.mark(12);
    AtaPortWritePortBufferUlong((PULONG)(P + 4), Wide, 4);
    conf_linux.mark(13);
    AtaPortReadRegisterUchar(R + 1);
    conf_linux.mark(14);
    AtaPortReadRegisterUshort((PUSHORT)(R + 2));
    conf_linux.mark(15);
    AtaPortReadRegisterUlong((PULONG)(R + 4));
    conf_linux.mark(16);
    AtaPortReadRegisterBufferUchar(R, ByteIn, 5);
    conf_linux.mark(17);
    AtaPortReadRegisterBufferUshort((PUSHORT)R, HalfIn, 3);
    conf_linux.mark(18);
    AtaPortReadRegisterBufferUlong((PULONG)R, WideIn, 4);
    conf_linux.mark(19);
    AtaPortWriteRegisterUchar(R + 1, 0xa5);
    conf_linux.mark(20);
    AtaPortWriteRegisterUshort((PUSHORT)(R + 2), 0xa5b6);
    conf_linux.mark(21);
    AtaPortWriteRegisterUlong((PULONG)(R + 4), 0xa5b6c7d8);
    conf_linux.mark(22);
    AtaPortWriteRegisterBufferUchar(R, Byte, 5);
    conf_linux.mark(23);
    AtaPortWriteRegisterBufferUshort((PUSHORT)R, Half, 3);
    conf_linux.mark(24);
    AtaPortWriteRegisterBufferUlong((PULONG)R, Wide, 4);
    conf_linux.mark(25);
}

VOID
ConfMessages(PCONF_CHANNEL Channel, ULONG Number)
{
    static WCHAR WideText[] = { 'w', 'i', 'd', 'e', 0 };
    static CHAR Text[] = "counted and more";
    UNICODE_STRING Wide = { 8, 10, WideText };
    ANSI_STRING Narrow = { 7, 17, Text };
    UCHAR Log[sizeof(IDE_ERROR_LOG_ENTRY) + 8];
    PIDE_ERROR_LOG_ENTRY Entry = (PIDE_ERROR_LOG_ENTRY)Log;

    switch (Number) {
    case 1:
        AtaPortDebugPrint(0, "conform: level 0\n");
        AtaPortDebugPrint(1, "conform: level 1\n");
        AtaPortDebugPrint(3, "conform: level 3\n");
        break;
    case 2:
        AtaPortDebugPrint(0, "conform: a %d %u %i|%x %X %08x %#x|%c%c|%s %.3s %8s|%5d|%-5d|\n", -5,
                          4000000000U, 7, 0xbeef, 0xbeef, 0xab, 0x1f, 'x', 'y', "text", "abcdef",
                          "right", 42, 42);
        AtaPortDebugPrint(0, "conform: b %I64x %I64d %I64u %I32x %lx %ld %hx %llx|\n",
                          0x123456789abcdefULL, -1234567890123LL, 18446744073709551615ULL,
                          0xfeedface, 0xabcdef, -3, 0x12345, 0xfedcba9876543210ULL);
        AtaPortDebugPrint(0, "conform: c %ws|%S|%ls|%Z|%wZ|%s|%ws|%%|\n", WideText, WideText, WideText,
                          &Narrow, &Wide, NULL, NULL);
        AtaPortDebugPrint(0, "conform: d %*d|%.*s|%-*d|%p\n", 6, 42, 2, "abcdef", 4, 7, Channel);
        break;
    case 3:
        AtaPortDebugPrint(0, "conform: e %d %y %s\n", 3, "not reached", CONF_NOWHERE);
        AtaPortDebugPrint(0, "conform: f %");
        AtaPortDebugPrint(0, NULL);
        break;
    case 4:
        RtlZeroMemory(Log, sizeof(Log));
        Entry->IrbStatus = 3;
        Entry->Channel = Channel->Number;
        Entry->TargetId = 1;
        Entry->Lun = 2;
        Entry->UniqueId = 0xab;
        Entry->DumpDataSize = 4;
        Entry->DumpData[0] = 0xde;
        (&Entry->DumpData[0])[1] = 0xad;
        (&Entry->DumpData[0])[2] = 0xbe;
        (&Entry->DumpData[0])[3] = 0xef;
        AtaPortLogError(Channel, Entry);
        break;
    case 5:
        AtaPortTraceNotification(TraceNotification, Channel, 0x11111111, 0x22222222, 0x33333333);
        break;
    case 6:
        AtaPortDebugBreak(Channel);
        break;
    }
}
