/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The miniport's own state. It lies in static arrays, by controller and
 * channel, so that it can still be looked at when the port driver has freed
 * the extensions. What is volatile and has no Interlocked around it is plain on
 * purpose: the locks of the port driver are all that protects it.
 */
#ifndef _SYNCTEST_H_
#define _SYNCTEST_H_

#include <miniport.h>
#include <ata.h>
#include <irb.h>

#include "halves.h"

/* Routines that differ, so that one that runs tells which request it was. */
#define SYNC_POOL           24
#define SYNC_CONTROLLER_POOL 8
#define SYNC_SHADOW         128

/* Who asks for an immediate routine. Threads come first. */
enum {
    FromWorker = SYNC_THREADS,
    FromBuild,
    FromStart,
    FromTimer,
    FromTest,
    FromCount
};

/* Requests that the port driver has accepted and not yet run, oldest first. */
typedef struct _SYNC_FIFO {
    volatile ULONG  Head, Tail, Next;
    UCHAR           Index[SYNC_SHADOW];
} SYNC_FIFO, *PSYNC_FIFO;

typedef struct _SYNC_TIMER {
    volatile ULONGLONG      Asked;
    volatile ULONG          Us;
    volatile BOOLEAN        Pending;
    struct sync_lateness    Late;
} SYNC_TIMER, *PSYNC_TIMER;

typedef struct _SYNC_CONTROLLER {
    PVOID               Extension;
    LONG                Index;
    /* Two counters that the interrupt lock keeps equal, and the truth. */
    volatile ULONGLONG  A, B;
    volatile LONG64     Touches;
    volatile LONG       Inside;
    volatile LONG       Bulk;       /* more asked for than one hold may run */
} SYNC_CONTROLLER, *PSYNC_CONTROLLER;

typedef struct _SYNC_CHANNEL {
    PVOID               Extension;
    PSYNC_CONTROLLER    Controller;
    IDE_CHANNEL_INTERFACE Sample;
    LONG                Number;
    volatile BOOLEAN    Live;
    volatile BOOLEAN    Stopped;
    BOOLEAN             Sync;       /* SyncWithIsr */

    /* The same for the channel lock. */
    volatile ULONGLONG  A, B;
    volatile LONG64     Touches;
    volatile LONG       Inside;

    SYNC_FIFO           Deferred;
    SYNC_FIFO           ControllerDeferred;
    volatile LONG       Chain;
    volatile ULONG      Ran[FromCount];
    PVOID volatile      Asking[SYNC_THREADS];
    volatile ULONG      Claimed;
    SYNC_TIMER          Timer[SYNC_NR_TIMERS];
    ULONG               Round;
    int                 Wanted[SYNC_NR_TIMERS];
} SYNC_CHANNEL, *PSYNC_CHANNEL;

extern SYNC_CONTROLLER SyncControllers[SYNC_CONTROLLERS];
extern SYNC_CHANNEL SyncChannels[SYNC_CHANNELS];

PSYNC_CHANNEL SyncFind(PVOID ChannelExtension);
VOID SyncLevel(PSYNC_CHANNEL Channel, ULONG Routine);

/* Under the interrupt lock, under the channel lock. */
VOID SyncEnter(PSYNC_CHANNEL Channel, BOOLEAN Deferred);
VOID SyncLeave(PSYNC_CHANNEL Channel);
VOID SyncEnterChannel(PSYNC_CHANNEL Channel);
VOID SyncLeaveChannel(PSYNC_CHANNEL Channel);

BOOLEAN SyncAskDeferred(PSYNC_CHANNEL Channel);
BOOLEAN SyncAskControllerDeferred(PSYNC_CHANNEL Channel);
BOOLEAN SyncAskImmediate(PSYNC_CHANNEL Channel, ULONG From, BOOLEAN OfController);
VOID SyncProbeStopped(PSYNC_CHANNEL Channel);
VOID SyncProbeBuild(PSYNC_CHANNEL Channel);

ULONG AhciDriverEntry(PVOID DriverObject, PVOID RegistryPath);

#endif
