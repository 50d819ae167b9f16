// SPDX-License-Identifier: GPL-2.0-only
/*
 * The four kinds of callbacks, asked for in process context and under the
 * interrupt lock. How they behave under load is for other tests.
 */
#include "conform.h"

#define CONF_ASKED_MAX      64

static ULONG ConfRan[8];
static PVOID ConfGot;
static ULONG ConfOrder[8], ConfOrdered;
static BOOLEAN ConfInside;
static ULONG ConfTaken;
static unsigned long long ConfWhen;

static VOID ConfRun0(PVOID E) { ConfRan[0]++; ConfGot = E; }
static VOID ConfRun1(PVOID E) { ConfRan[1]++; ConfGot = E; }

static BOOLEAN
ConfAwait(volatile ULONG *Counter, ULONG Value)
{
    ULONG i;

    for (i = 0; i < 3000 && *Counter < Value; i++)
        conf_linux.sleep();
    return *Counter >= Value;
}

static VOID
ConfSyncRoutine(PVOID ChannelExtension)
{
    CHECK(SYNC_LOCKED, conf_linux.locked(2));
    ConfRun0(ChannelExtension);
}

static VOID
ConfCsyncRoutine(PVOID ChannelExtension)
{
    CHECK(CSYNC_RUNS, conf_linux.locked(2));
    ConfRun0(ChannelExtension);
}

/* What is asked for inside a routine must not run inside it. */
static VOID
ConfNote(ULONG Number)
{
    CHECK(SYNC_DEFERRED, !ConfInside);
    if (ConfOrdered < ARRAYSIZE(ConfOrder))
        ConfOrder[ConfOrdered++] = Number;
}

static VOID ConfFirst(PVOID E) { UNREFERENCED_PARAMETER(E); ConfNote(1); }
static VOID ConfSecond(PVOID E) { UNREFERENCED_PARAMETER(E); ConfNote(2); }
static VOID ConfThird(PVOID E) { UNREFERENCED_PARAMETER(E); ConfNote(3); }

static VOID
ConfNested(PVOID ChannelExtension)
{
    ConfInside = TRUE;
    CHECK(SYNC_DEFERRED, AtaPortRequestSynchronizedRoutine(ChannelExtension, ConfFirst));
    CHECK(CSYNC_DEFERRED, AtaPortControllerSyncRoutine(ChannelExtension, ConfSecond));
    CHECK(SYNC_DEFERRED, AtaPortRequestSynchronizedRoutine(ChannelExtension, ConfThird));
    CHECK(SYNC_DEFERRED, ConfOrdered == 0);
    ConfInside = FALSE;
}

static VOID
ConfFill(PVOID ChannelExtension)
{
    ULONG i;

    ConfTaken = 0;
    for (i = 0; i < CONF_ASKED_MAX; i++)
        if (AtaPortRequestSynchronizedRoutine(ChannelExtension, ConfRun1))
            ConfTaken++;
}

static VOID
ConfSynchronized(PCONF_CHANNEL Channel)
{
    ConfRan[0] = 0;
    ConfGot = NULL;
    CHECK(SYNC_BEFORE_RETURN, AtaPortRequestSynchronizedRoutine(Channel, ConfSyncRoutine) &&
          ConfRan[0] == 1);
    CHECK(CB_TYPES, ConfGot == Channel);
    CHECK(SYNC_NULL, !AtaPortRequestSynchronizedRoutine(Channel, NULL));

    ConfOrdered = 0;
    AtaPortRequestSynchronizedRoutine(Channel, ConfNested);
    CHECK(SYNC_DEFERRED, ConfOrdered == 3 && ConfOrder[0] == 1 && ConfOrder[1] == 2 &&
          ConfOrder[2] == 3);
    CHECK(CSYNC_DEFERRED, ConfOrdered == 3 && ConfOrder[1] == 2);

    ConfRan[1] = 0;
    AtaPortRequestSynchronizedRoutine(Channel, ConfFill);
    CHECK(SYNC_FULL, ConfTaken >= 16 && ConfTaken < CONF_ASKED_MAX);
    CHECK(SYNC_FULL, ConfAwait(&ConfRan[1], ConfTaken));
    conf_linux.sleep();
    CHECK(SYNC_FULL, ConfRan[1] == ConfTaken);

    ConfRan[0] = 0;
    CHECK(CSYNC_RUNS, AtaPortControllerSyncRoutine(Channel, ConfCsyncRoutine) && ConfRan[0] == 1);
    CHECK(CSYNC_NULL, !AtaPortControllerSyncRoutine(Channel, NULL));
}

static VOID
ConfWorkerRoutine(PVOID ChannelExtension)
{
    ULONG Before = ConfRan[0];

    CHECK(WORKER_LATER, !ConfInside);
    CHECK(WORKER_UNLOCKED, AtaPortRequestSynchronizedRoutine(ChannelExtension, ConfSyncRoutine) &&
          ConfRan[0] == Before + 1);
    ConfRun1(ChannelExtension);
}

static VOID
ConfAskWorker(PVOID ChannelExtension)
{
    ConfInside = TRUE;
    CHECK(WORKER_LATER, AtaPortRequestWorkerRoutine(ChannelExtension, ConfWorkerRoutine));
    ConfInside = FALSE;
}

static VOID
ConfWorker(PCONF_CHANNEL Channel)
{
    ConfRan[1] = 0;
    AtaPortRequestSynchronizedRoutine(Channel, ConfAskWorker);
    CHECK(WORKER_LATER, AtaPortRequestWorkerRoutine(Channel, ConfWorkerRoutine));
    CHECK(WORKER_LATER, ConfAwait(&ConfRan[1], 2));
    conf_linux.sleep();
    conf_linux.sleep();
    CHECK(WORKER_LATER, ConfRan[1] == 2);
    CHECK(WORKER_NULL, !AtaPortRequestWorkerRoutine(Channel, NULL));
}

static VOID
ConfTimerA(PVOID ChannelExtension)
{
    ConfWhen = conf_linux.now();
    ConfRan[2]++;
    ConfGot = ChannelExtension;
}

static VOID ConfTimerB(PVOID E) { UNREFERENCED_PARAMETER(E); ConfRan[3]++; }

static VOID
ConfTimers(PCONF_CHANNEL Channel)
{
    static const ULONG Times[] = { 20, 700, 5000, 30000 };
    unsigned long long Asked;
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Times); i++) {
        ConfRan[2] = 0;
        Asked = conf_linux.now();
        CHECK(TIMER_NOT_EARLY, AtaPortRequestTimer(Channel, ConfTimerA, Times[i]));
        CHECK(TIMER_NOT_EARLY, ConfAwait(&ConfRan[2], 1));
        CHECK(TIMER_NOT_EARLY, ConfWhen - Asked >= Times[i] * 1000ULL);
        conf_linux.sleep();
        CHECK(TIMER_NOT_EARLY, ConfRan[2] == 1);
    }
    CHECK(CB_TYPES, ConfGot == Channel);

    ConfRan[2] = 0;
    AtaPortRequestTimer(Channel, ConfTimerA, 500000);
    Asked = conf_linux.now();
    CHECK(TIMER_REARM, AtaPortRequestTimer(Channel, ConfTimerA, 2000));
    CHECK(TIMER_REARM, ConfAwait(&ConfRan[2], 1));
    CHECK(TIMER_REARM, ConfWhen - Asked >= 2000000ULL && ConfWhen - Asked < 450000000ULL);

    ConfRan[2] = 0;
    ConfRan[3] = 0;
    CHECK(TIMER_SEVERAL, AtaPortRequestTimer(Channel, ConfTimerA, 300000) &&
          AtaPortRequestTimer(Channel, ConfTimerB, 3000));
    CHECK(TIMER_SEVERAL, ConfAwait(&ConfRan[3], 1));
    CHECK(TIMER_CANCEL, AtaPortRequestTimer(Channel, ConfTimerA, 0));
    for (i = 0; i < 400; i++)
        conf_linux.sleep();
    /* Nor did the first one of the re-armed timer come. */
    CHECK(TIMER_CANCEL, ConfRan[2] == 0);
    CHECK(TIMER_SEVERAL, ConfRan[3] == 1);
    CHECK(TIMER_NULL, !AtaPortRequestTimer(Channel, NULL, 1000));
}

VOID
ConfCallbacks(PCONF_CHANNEL Channel)
{
    ConfSynchronized(Channel);
    ConfWorker(Channel);
    ConfTimers(Channel);
    CHECK(CB_UNKNOWN, !AtaPortRequestCallback((IDE_CALLBACK_TYPE)77, Channel, ConfRun0, 0));
    CHECK(CB_UNKNOWN, !AtaPortRequestCallback(IdeMaxCallbackType, Channel, ConfRun0, 0));
    CHECK(CB_FOREIGN, !AtaPortRequestCallback(IdeSynchronizedRoutine, CONF_NOWHERE, ConfRun0, 0));
    CHECK(CB_FOREIGN, !AtaPortRequestCallback(IdeWorkerRoutine, NULL, ConfRun0, 0));
    CHECK(CB_FOREIGN, !AtaPortRequestCallback(IdeSynchronizedRoutine, ConfController, ConfRun0, 0));
}

/* In IdeHwBuildIo: the one routine that it may call. */
VOID
ConfBuildSync(PCONF_CHANNEL Channel)
{
    ConfRan[0] = 0;
    CHECK(SYNC_FROM_BUILD, AtaPortRequestSynchronizedRoutine(Channel, ConfSyncRoutine) &&
          ConfRan[0] == 1);
}

/* In IdeHwControl(IdeStop). */
VOID
ConfCallbacksStopped(PCONF_CHANNEL Channel)
{
    ConfRan[0] = 0;
    CHECK(SYNC_STOPPED, !AtaPortRequestSynchronizedRoutine(Channel, ConfRun0) && ConfRan[0] == 0);
    CHECK(SYNC_STOPPED, !AtaPortRequestWorkerRoutine(Channel, ConfRun0));
    CHECK(SYNC_STOPPED, !AtaPortRequestTimer(Channel, ConfRun0, 10));
}
