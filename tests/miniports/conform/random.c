// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random calls of the interface, from all entry points and callbacks, with
 * arguments from a pool of right and wrong ones. Call number n of a seed is
 * always the same call. Wrong pointers are those that the port driver
 * compares and does not follow; memory that a routine is told to read or write is
 * there, for no port driver could do without that. Rules are not checked
 * meanwhile: most are broken.
 */
#include "conform.h"

volatile LONG ConfRandomLeft;
static volatile LONG ConfRandomCalls;
static ULONG ConfSeed;
static PIDE_REQUEST_BLOCK ConfSeen[8];

#define PICK(Pool)  (Pool)[Next(&State) % ARRAYSIZE(Pool)]

static ULONG
Next(ULONGLONG *State)
{
    *State ^= *State << 13;
    *State ^= *State >> 7;
    *State ^= *State << 17;
    return (ULONG)(*State >> 16);
}

static VOID
ConfRandomRoutine(PVOID ChannelExtension)
{
    ConfRandom(ChannelExtension, 2, FALSE);
}

/* Under the interrupt lock, where requests may be completed behind StartIo's back. */
static VOID
ConfRandomSync(PVOID ChannelExtension)
{
    ConfRandom(ChannelExtension, 3, TRUE);
}

static VOID
ConfRandomRequests(ULONGLONG State, PVOID Extension, BOOLEAN Locked)
{
    static const UCHAR Targets[] = { 0, 0, 0, 1, 7, IDE_UNTAGGED };
    static const UCHAR Statuses[] = { 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0xf, 0x11, 0x21, 0x23, 0xff };
    PIDE_REQUEST_BLOCK Irbs[] = { ConfSeen[Next(&State) % ARRAYSIZE(ConfSeen)],
                                  ConfSeen[Next(&State) % ARRAYSIZE(ConfSeen)],
                                  NULL, CONF_NOWHERE, NULL, NULL };
    PIDE_REQUEST_BLOCK Irb;
    ULONG Length;

    if (Irbs[0] != NULL) {
        Irbs[4] = Irbs[0] + 1;
        Irbs[5] = (PIDE_REQUEST_BLOCK)((PUCHAR)Irbs[0] + 8);
    }
    Irb = PICK(Irbs);
    switch (Next(&State) % 7) {
    case 0:
        if (!Locked)
            break;
        AtaPortCompleteRequest(Extension, Irb);
        break;
    case 1:
        if (Locked && Next(&State) % 16 == 0)
            AtaPortCompleteAllActiveRequests(Extension, PICK(Targets), 0, PICK(Statuses));
        break;
    case 2:
        AtaPortGetScatterGatherList(Extension, Irb);
        break;
    case 3:
        AtaPortGetPhysicalAddress(Extension, Irb, Next(&State) % 2 ? CONF_NOWHERE : Extension,
                                  Next(&State) % 4 ? &Length : NULL);
        break;
    case 4:
        AtaPortBuildRequestSenseIrb(Extension, Irb);
        break;
    case 5:
        AtaPortReleaseRequestSenseIrb(Extension, Irb);
        break;
    case 6:
        AtaPortGetUnCachedExtension(Extension, Next(&State), Next(&State) % 3 ? 128 : Next(&State));
        break;
    }
}

static VOID
ConfRandomQueues(ULONGLONG State, PVOID Extension)
{
    static const UCHAR Targets[] = { 0, 0, 1, 2, 7, 200, IDE_UNTAGGED };
    static const ULONG Seconds[] = { 0, 0, 0, 1, 1, 61, 0x7fffffff, 0xffffffff };

    switch (Next(&State) % 7) {
    case 0:
        if (Next(&State) % 8 == 0)
            AtaPortDeviceBusy(Extension, PICK(Targets), (UCHAR)Next(&State), PICK(Seconds));
        break;
    case 1:
        AtaPortDeviceReady(Extension, PICK(Targets), (UCHAR)Next(&State));
        break;
    case 2:
        AtaPortInitializeQueueTag(Extension, PICK(Targets), 0, (UCHAR)Next(&State));
        break;
    case 3:
        AtaPortAllocateQueueTag(Extension, PICK(Targets), 0);
        break;
    case 4:
        AtaPortReleaseQueueTag(Extension, PICK(Targets), 0, (UCHAR)Next(&State));
        break;
    case 5:
        if (Next(&State) % 512 == 0)
            AtaPortNotification((IDE_NOTIFICATION_TYPE)(Next(&State) % 4), Extension,
                                (ULONG)PICK(Targets), 0, Next(&State) % 4);
        break;
    case 6:
        AtaPortRequestTimer(Extension, ConfRandomRoutine, 0);
        break;
    }
}

static VOID
ConfRandomCallbacks(ULONGLONG State, PVOID Extension)
{
    IDE_HW_DPC Routine = Next(&State) % 8 ? ConfRandomRoutine : NULL;

    switch (Next(&State) % 6) {
    case 0:
        AtaPortRequestSynchronizedRoutine(Extension, Next(&State) % 2 ? ConfRandomSync : Routine);
        break;
    case 1:
        AtaPortControllerSyncRoutine(Extension, Next(&State) % 2 ? ConfRandomSync : Routine);
        break;
    case 2:
        AtaPortRequestWorkerRoutine(Extension, Routine);
        break;
    case 3:
        AtaPortRequestTimer(Extension, Routine, Next(&State) % 3000);
        break;
    case 4:
        AtaPortRequestCallback((IDE_CALLBACK_TYPE)(Next(&State) % 9), Extension, Routine,
                               Next(&State) % 100);
        break;
    case 5:
        AtaPortRequestCallback((IDE_CALLBACK_TYPE)Next(&State), Extension, Routine, 5);
        break;
    }
}

static VOID
ConfRandomRegistry(ULONGLONG State, PVOID Extension)
{
    static CHAR Long[] = "0123456789012345678901234567890123456789012345678901234567890123456789";
    static PCHAR Names[] = { "Dword", "Text", "a\\b", "", NULL, Long };
    PUCHAR Own = ConfChannels[CONF_DISK] ? ConfChannels[CONF_DISK]->Registry : NULL;
    PUCHAR Buffers[] = { Own, Own ? Own + 8 : NULL, NULL, CONF_NOWHERE,
                         Own ? Own + CONF_REGISTRY : NULL, Own ? Own - 1 : NULL };
    ULONG Length = Next(&State) % 4 ? Next(&State) % 64 : Next(&State);
    PULONG Lengths[] = { &Length, &Length, &Length, NULL };

    switch (Next(&State) % 5) {
    case 0:
        AtaPortRegistryAllocateBuffer(Extension, Next(&State));
        break;
    case 1:
        /* Not the right one, which is used until the channel stops. */
        AtaPortRegistryFreeBuffer(Extension, Buffers[1 + Next(&State) % (ARRAYSIZE(Buffers) - 1)]);
        break;
    case 2:
        AtaPortRegistryRead(Extension, (UCHAR)Next(&State), (BOOLEAN)(Next(&State) % 2), PICK(Names),
                            (UCHAR)(Next(&State) % 6), PICK(Buffers), PICK(Lengths));
        break;
    case 3:
        AtaPortRegistryWrite(Extension, (UCHAR)Next(&State), (BOOLEAN)(Next(&State) % 2), PICK(Names),
                             (UCHAR)(Next(&State) % 6), PICK(Buffers), PICK(Lengths));
        break;
    case 4:
        AtaPortRegistryWriteDeferred(Extension, 0, (BOOLEAN)(Next(&State) % 2), PICK(Names),
                                     (UCHAR)(Next(&State) % 6), PICK(Buffers), PICK(Lengths));
        break;
    }
}

static VOID
ConfRandomRest(ULONGLONG State, PVOID Extension)
{
    IDE_ERROR_LOG_ENTRY Entry;
    LARGE_INTEGER Time;
    IDE_PHYSICAL_ADDRESS Address;
    UCHAR Bytes[64];

    switch (Next(&State) % 9) {
    case 0:
        AtaPortGetBusData(Extension, Bytes, Next(&State) % 2 ? Next(&State) : Next(&State) % 300,
                          Next(&State) % sizeof(Bytes));
        break;
    case 1:
        /* Where it is refused; what is there is not ours to spoil. */
        AtaPortSetBusData(Extension, Bytes, 0x1000 + Next(&State) % 0x10000, Next(&State));
        break;
    case 2:
        Address.QuadPart = Next(&State) % 2 ? Next(&State) :
                           ConfController->Memory.RangeStart.QuadPart + Next(&State) % 0x2000;
        AtaPortGetDeviceBase(Extension, Address, Next(&State) % 2 ? Next(&State) : 4);
        break;
    case 3:
        AtaPortStallExecution(Next(&State) % 3);
        break;
    case 4:
        AtaPortQuerySystemTime(&Time);
        break;
    case 5:
        AtaPortDebugPrint(Next(&State) % 8 + 4, "conform: %d %s %I64x\n", 1, "two", 3ULL);
        break;
    case 6:
        if (Next(&State) % 256 == 0) {
            RtlZeroMemory(&Entry, sizeof(Entry));
            AtaPortLogError(Extension, Next(&State) % 2 ? &Entry : NULL);
        }
        break;
    case 7:
        AtaPortTraceNotification(Next(&State), Extension, Next(&State));
        break;
    case 8:
        if (Next(&State) % 256 == 0)
            AtaPortInitializeEx(Extension, ConfRegistryPath, NULL);
        break;
    }
}

/* So many calls, if there is anything left to do. */
VOID
ConfRandom(PVOID Channel, ULONG Calls, BOOLEAN Locked)
{
    PVOID Extension;
    ULONGLONG State;
    LONG Number;

    for (; Calls; Calls--) {
        if (ConfRandomLeft <= 0 || ConfController == NULL)
            return;
        InterlockedDecrement(&ConfRandomLeft);
        Number = InterlockedIncrement(&ConfRandomCalls);
        State = ((ULONGLONG)ConfSeed << 32 | (ULONG)Number) * 0x9e3779b97f4a7c15ULL | 1;
        Next(&State);
        Extension = Channel;
        switch (Next(&State) % 32) {
        case 0:
            Extension = NULL;
            break;
        case 1:
            Extension = CONF_NOWHERE;
            break;
        case 2:
            Extension = (PUCHAR)Channel + 8;
            break;
        case 3:
            Extension = ConfController;
            break;
        }
        switch (Next(&State) % 5) {
        case 0:
            ConfRandomRequests(State, Extension, Locked);
            break;
        case 1:
            ConfRandomQueues(State, Extension);
            break;
        case 2:
            ConfRandomCallbacks(State, Extension);
            break;
        case 3:
            ConfRandomRegistry(State, Extension);
            break;
        case 4:
            ConfRandomRest(State, Extension);
            break;
        }
    }
}

VOID
ConfRandomSee(PIDE_REQUEST_BLOCK Irb)
{
    static ULONG At;

    ConfSeen[At++ % ARRAYSIZE(ConfSeen)] = Irb;
}

/* An order: begin with this seed. */
VOID
ConfRandomStart(ULONG Seed, ULONG Calls)
{
    ConfSeed = Seed;
    ConfRandomCalls = 0;
    ConfRandomLeft = (LONG)Calls;
}

/* Another order: so many rounds from process context and from under the lock. */
VOID
ConfRandomMore(PCONF_CHANNEL Channel, ULONG Rounds)
{
    ULONG i;

    for (i = 0; i < Rounds && ConfRandomLeft > 0; i++) {
        ConfRandom(Channel, 2, FALSE);
        AtaPortRequestSynchronizedRoutine(Channel, ConfRandomSync);
        if (i % 64 == 0)
            conf_linux.sleep();
    }
}

ULONG
ConfRandomState(VOID)
{
    return ConfRandomLeft > 0 ? (ULONG)ConfRandomLeft : 0;
}
