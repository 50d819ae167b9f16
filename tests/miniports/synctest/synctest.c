// SPDX-License-Identifier: GPL-2.0-only
/*
 * Callbacks of all kinds, asked for from everywhere, and what must hold in them.
 *
 * Two domains are watched, that of the interrupt lock (per controller) and that
 * of the channel lock. In each a pair of plain counters is kept equal by a slow
 * read, write, read, write: whoever gets in between leaves them torn or short.
 *
 * A routine gets no argument but its channel, so each request that has to be
 * told from others has a routine of its own.
 */
#include "synctest.h"

struct sync_linux sync_linux;
volatile unsigned int sync_load;
volatile int sync_self_asking;
volatile int sync_bad_build;

static volatile LONG64 SyncCounters[SYNC_NR_COUNTERS];

#define SYNC_NAME_(Name, Text) Text,
static const char *const SyncNames[] = { SYNC_COUNTERS(SYNC_NAME_) };
#undef SYNC_NAME_

void
sync_count(int counter)
{
    InterlockedIncrement64(&SyncCounters[counter]);
}

void
sync_wrong(int counter)
{
    InterlockedIncrement64(&SyncCounters[SYNC_WRONG]);
    if (InterlockedIncrement64(&SyncCounters[counter]) == 1)
        sync_linux.wrong(SyncNames[counter]);
}

unsigned long long
sync_counter(int counter)
{
    return (unsigned long long)SyncCounters[counter];
}

/* Long enough for somebody else to get in between, if anybody can. */
static VOID
SyncDawdle(VOID)
{
    volatile ULONG i;

    for (i = 0; i < 24; i++)
        ;
}

static VOID
SyncTouch(volatile ULONGLONG *A, volatile ULONGLONG *B, volatile LONG64 *Touches,
          ULONG Torn)
{
    ULONGLONG Value = *A;

    if (Value != *B)
        sync_wrong(Torn);
    SyncDawdle();
    *A = Value + 1;
    Value = *B;
    SyncDawdle();
    *B = Value + 1;
    InterlockedIncrement64(Touches);
}

VOID
SyncEnter(PSYNC_CHANNEL Channel, BOOLEAN Deferred)
{
    PSYNC_CONTROLLER Controller = Channel->Controller;

    if (Controller->Inside)
        sync_wrong(Deferred ? SYNC_W_INLINE : SYNC_W_NESTED);
    Controller->Inside = 1;
    if (Channel->Stopped)
        sync_wrong(SYNC_W_AFTER_STOP);
    /* What was deferred comes before anything else of the channel. */
    if (!Deferred && !Controller->Bulk &&
        (Channel->Deferred.Head != Channel->Deferred.Tail ||
         Channel->ControllerDeferred.Head != Channel->ControllerDeferred.Tail))
        sync_wrong(SYNC_W_LATE);
    SyncTouch(&Controller->A, &Controller->B, &Controller->Touches, SYNC_W_TORN);
}

VOID
SyncLeave(PSYNC_CHANNEL Channel)
{
    if (!Channel->Controller->Inside)
        sync_wrong(SYNC_W_NESTED);
    Channel->Controller->Inside = 0;
}

VOID
SyncEnterChannel(PSYNC_CHANNEL Channel)
{
    if (Channel->Inside)
        sync_wrong(SYNC_W_CHANNEL);
    Channel->Inside = 1;
    if (Channel->Stopped)
        sync_wrong(SYNC_W_AFTER_STOP);
    SyncTouch(&Channel->A, &Channel->B, &Channel->Touches, SYNC_W_CHANNEL);
}

VOID
SyncLeaveChannel(PSYNC_CHANNEL Channel)
{
    if (!Channel->Inside)
        sync_wrong(SYNC_W_CHANNEL);
    Channel->Inside = 0;
}

/* Deferred requests, asked for under the interrupt lock. */

static VOID
SyncAccepted(PSYNC_FIFO Fifo, ULONG Pool)
{
    Fifo->Index[Fifo->Head % SYNC_SHADOW] = (UCHAR)Fifo->Next;
    Fifo->Head++;
    Fifo->Next = (Fifo->Next + 1) % Pool;
}

static VOID
SyncRan(PSYNC_FIFO Fifo, ULONG Index)
{
    if (Fifo->Head == Fifo->Tail) {
        sync_wrong(SYNC_W_TWICE);
        return;
    }
    if (Fifo->Index[Fifo->Tail % SYNC_SHADOW] != Index)
        sync_wrong(SYNC_W_ORDER);
    Fifo->Tail++;
}

static VOID
SyncDeferred(PVOID ChannelExtension, ULONG Index)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);

    SyncLevel(Channel, SYNC_R_SYNC);
    SyncEnter(Channel, TRUE);
    sync_count(SYNC_DEFERRED);
    SyncRan(&Channel->Deferred, Index);
    if (Channel->Chain > 0) {
        Channel->Chain--;
        SyncAskDeferred(Channel);
    }
    SyncLeave(Channel);
}

static VOID
SyncControllerDeferred(PVOID ChannelExtension, ULONG Index)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);

    SyncLevel(Channel, SYNC_R_CONTROLLER_SYNC);
    SyncEnter(Channel, TRUE);
    sync_count(SYNC_OF_CONTROLLER);
    SyncRan(&Channel->ControllerDeferred, Index);
    SyncLeave(Channel);
}

#define SYNC_ROUTINE(Body, Number)                                          \
    static VOID Body##Number(PVOID ChannelExtension)                        \
    {                                                                       \
        Body(ChannelExtension, Number);                                     \
    }
#define SYNC_EIGHT(Body, Tens)                                              \
    SYNC_ROUTINE(Body, Tens##0) SYNC_ROUTINE(Body, Tens##1)                 \
    SYNC_ROUTINE(Body, Tens##2) SYNC_ROUTINE(Body, Tens##3)                 \
    SYNC_ROUTINE(Body, Tens##4) SYNC_ROUTINE(Body, Tens##5)                 \
    SYNC_ROUTINE(Body, Tens##6) SYNC_ROUTINE(Body, Tens##7)
#define SYNC_EIGHT_NAMES(Body, Tens)                                        \
    Body##Tens##0, Body##Tens##1, Body##Tens##2, Body##Tens##3,             \
    Body##Tens##4, Body##Tens##5, Body##Tens##6, Body##Tens##7

/* Hexadecimal, so that eight and eight are sixteen. */
SYNC_EIGHT(SyncDeferred, 0x0) SYNC_ROUTINE(SyncDeferred, 0x08)
SYNC_ROUTINE(SyncDeferred, 0x09) SYNC_ROUTINE(SyncDeferred, 0x0a)
SYNC_ROUTINE(SyncDeferred, 0x0b) SYNC_ROUTINE(SyncDeferred, 0x0c)
SYNC_ROUTINE(SyncDeferred, 0x0d) SYNC_ROUTINE(SyncDeferred, 0x0e)
SYNC_ROUTINE(SyncDeferred, 0x0f) SYNC_EIGHT(SyncDeferred, 0x1)
SYNC_EIGHT(SyncControllerDeferred, 0x0)

static const IDE_HW_DPC SyncDeferredPool[SYNC_POOL] = {
    SYNC_EIGHT_NAMES(SyncDeferred, 0x0), SyncDeferred0x08, SyncDeferred0x09,
    SyncDeferred0x0a, SyncDeferred0x0b, SyncDeferred0x0c, SyncDeferred0x0d,
    SyncDeferred0x0e, SyncDeferred0x0f, SYNC_EIGHT_NAMES(SyncDeferred, 0x1)
};
static const IDE_HW_DPC SyncControllerPool[SYNC_CONTROLLER_POOL] = {
    SYNC_EIGHT_NAMES(SyncControllerDeferred, 0x0)
};

BOOLEAN
SyncAskDeferred(PSYNC_CHANNEL Channel)
{
    PSYNC_FIFO Fifo = &Channel->Deferred;

    if (!AtaPortRequestSynchronizedRoutine(Channel->Extension,
                                           SyncDeferredPool[Fifo->Next])) {
        sync_count(SYNC_FULL);
        return FALSE;
    }
    SyncAccepted(Fifo, SYNC_POOL);
    return TRUE;
}

BOOLEAN
SyncAskControllerDeferred(PSYNC_CHANNEL Channel)
{
    PSYNC_FIFO Fifo = &Channel->ControllerDeferred;

    if (!AtaPortControllerSyncRoutine(Channel->Extension,
                                      SyncControllerPool[Fifo->Next])) {
        sync_count(SYNC_FULL);
        return FALSE;
    }
    SyncAccepted(Fifo, SYNC_CONTROLLER_POOL);
    return TRUE;
}

/* Requests that have run when the call returns. */

static VOID
SyncImmediate(PVOID ChannelExtension, ULONG From)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);

    SyncLevel(Channel, SYNC_R_SYNC);
    SyncEnter(Channel, FALSE);
    sync_count(SYNC_IMMEDIATE);
    Channel->Ran[From]++;
    SyncLeave(Channel);
}

static VOID
SyncControllerImmediate(PVOID ChannelExtension, ULONG From)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);

    SyncLevel(Channel, SYNC_R_CONTROLLER_SYNC);
    SyncEnter(Channel, FALSE);
    sync_count(SYNC_OF_CONTROLLER);
    Channel->Ran[From]++;
    SyncLeave(Channel);
}

SYNC_EIGHT(SyncImmediate, 0x0) SYNC_ROUTINE(SyncImmediate, 0x08)
SYNC_ROUTINE(SyncImmediate, 0x09) SYNC_ROUTINE(SyncImmediate, 0x0a)
SYNC_ROUTINE(SyncImmediate, 0x0b)
SYNC_EIGHT(SyncControllerImmediate, 0x0)

static const IDE_HW_DPC SyncImmediatePool[] = {
    SYNC_EIGHT_NAMES(SyncImmediate, 0x0), SyncImmediate0x08, SyncImmediate0x09,
    SyncImmediate0x0a, SyncImmediate0x0b
};
static const IDE_HW_DPC SyncControllerImmediatePool[SYNC_THREADS] = {
    SYNC_EIGHT_NAMES(SyncControllerImmediate, 0x0)
};

BOOLEAN
SyncAskImmediate(PSYNC_CHANNEL Channel, ULONG From, BOOLEAN OfController)
{
    ULONG Before = Channel->Ran[From];
    BOOLEAN Ok;

    if (OfController)
        Ok = AtaPortControllerSyncRoutine(Channel->Extension,
                                          SyncControllerImmediatePool[From]);
    else
        Ok = AtaPortRequestSynchronizedRoutine(Channel->Extension,
                                               SyncImmediatePool[From]);
    if (!Ok)
        sync_count(SYNC_REFUSED);
    if (Channel->Ran[From] != Before + (Ok ? 1 : 0))
        sync_wrong(SYNC_W_NOT_RUN);
    return Ok;
}

/* Timers: armed where their routines run, so that plain state tells all. */

static VOID SyncTimer0(PVOID ChannelExtension);
static VOID SyncTimer1(PVOID ChannelExtension);
static VOID SyncTimer2(PVOID ChannelExtension);
static VOID SyncTimer3(PVOID ChannelExtension);
static const IDE_HW_DPC SyncTimerPool[SYNC_NR_TIMERS] = {
    SyncTimer0, SyncTimer1, SyncTimer2, SyncTimer3
};
static volatile ULONG SyncTimerOrder;

static VOID
SyncArm(PSYNC_CHANNEL Channel, ULONG Index, ULONG Us)
{
    PSYNC_TIMER Timer = &Channel->Timer[Index];
    BOOLEAN Was = Timer->Pending;

    if (Us == 0) {
        if (Was)
            sync_count(SYNC_CANCELLED);
        Timer->Pending = FALSE;
        AtaPortRequestTimer(Channel->Extension, SyncTimerPool[Index], 0);
        return;
    }
    Timer->Asked = sync_linux.now();
    Timer->Us = Us;
    Timer->Pending = TRUE;
    if (!AtaPortRequestTimer(Channel->Extension, SyncTimerPool[Index], Us)) {
        Timer->Pending = Was;
        sync_count(SYNC_REFUSED);
    } else {
        sync_count(Was ? SYNC_REARMED : SYNC_TIMERS_ASKED);
    }
}

static VOID
SyncTimer(PVOID ChannelExtension, ULONG Index)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);
    PSYNC_TIMER Timer = &Channel->Timer[Index];
    ULONGLONG Late = sync_linux.now() - Timer->Asked;

    SyncLevel(Channel, SYNC_R_TIMER);
    if (Channel->Sync)
        SyncEnter(Channel, FALSE);
    else
        SyncEnterChannel(Channel);
    sync_count(SYNC_TIMERS);
    SyncTimerOrder = SyncTimerOrder << 4 | (Index + 1);
    if (!Timer->Pending)
        sync_wrong(SYNC_W_TIMER);
    Timer->Pending = FALSE;
    if (Late < Timer->Us * 1000ULL) {
        sync_wrong(SYNC_W_EARLY);
    } else {
        Late -= Timer->Us * 1000ULL;
        Timer->Late.count++;
        Timer->Late.sum += Late;
        if (Late > Timer->Late.max)
            Timer->Late.max = Late;
    }
    if (sync_load & SYNC_LOAD_TIMER) {
        if (Channel->Sync)
            SyncAskDeferred(Channel);
        else
            SyncAskImmediate(Channel, FromTimer, FALSE);
        if (Index == 1)
            SyncArm(Channel, Index, 200);
    }
    if (Channel->Sync)
        SyncLeave(Channel);
    else
        SyncLeaveChannel(Channel);
}

static VOID SyncTimer0(PVOID ChannelExtension) { SyncTimer(ChannelExtension, 0); }
static VOID SyncTimer1(PVOID ChannelExtension) { SyncTimer(ChannelExtension, 1); }
static VOID SyncTimer2(PVOID ChannelExtension) { SyncTimer(ChannelExtension, 2); }
static VOID SyncTimer3(PVOID ChannelExtension) { SyncTimer(ChannelExtension, 3); }

/* A turn at the timers: one shot, self-arming, armed anew, cancelled. */
static VOID
SyncTimers(PSYNC_CHANNEL Channel)
{
    Channel->Round++;
    if (!Channel->Timer[0].Pending)
        SyncArm(Channel, 0, 20);
    if (!Channel->Timer[1].Pending)
        SyncArm(Channel, 1, 200);
    if (!Channel->Timer[2].Pending)
        SyncArm(Channel, 2, 100);
    else
        SyncArm(Channel, 2, Channel->Round % 2 ? 50 : 1000);
    SyncArm(Channel, 3, Channel->Timer[3].Pending ? 0 : 40);
}

static VOID
SyncTimersSynchronized(PVOID ChannelExtension)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);

    SyncLevel(Channel, SYNC_R_SYNC);
    SyncEnter(Channel, FALSE);
    SyncTimers(Channel);
    SyncLeave(Channel);
}

/* Workers: one routine for each thread that asks. */

static VOID SyncWorker(PVOID ChannelExtension, ULONG Thread);
SYNC_EIGHT(SyncWorker, 0x0)
static const IDE_HW_DPC SyncWorkerPool[SYNC_THREADS] = {
    SYNC_EIGHT_NAMES(SyncWorker, 0x0)
};

static VOID
SyncAskWorker(PSYNC_CHANNEL Channel, ULONG Thread)
{
    /* It may run before the request returns. */
    sync_count(SYNC_WORKERS_ASKED);
    if (!AtaPortRequestWorkerRoutine(Channel->Extension, SyncWorkerPool[Thread])) {
        InterlockedDecrement64(&SyncCounters[SYNC_WORKERS_ASKED]);
        sync_count(SYNC_WORKERS_FULL);
    }
}

/* IdeHwBuildIo may ask for a synchronized routine and for nothing else. */
VOID
SyncProbeBuild(PSYNC_CHANNEL Channel)
{
    if (!InterlockedExchange((volatile LONG *)&sync_bad_build, 0))
        return;
    SyncAskWorker(Channel, 0);
    sync_count(SYNC_BAD_BUILT);
}

static VOID
SyncWorker(PVOID ChannelExtension, ULONG Thread)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);
    PVOID Task = sync_linux.task();
    ULONG i;

    SyncLevel(Channel, SYNC_R_WORKER);
    SyncEnterChannel(Channel);
    sync_count(SYNC_WORKERS);
    for (i = 0; i < SYNC_THREADS; i++)
        if (Channel->Asking[i] == Task)
            sync_wrong(SYNC_W_INLINE);
    SyncAskImmediate(Channel, FromWorker, FALSE);
    if (sync_load & SYNC_LOAD_TIMER) {
        if (!Channel->Sync)
            SyncTimers(Channel);
        else if (!AtaPortRequestSynchronizedRoutine(ChannelExtension,
                                                    SyncTimersSynchronized))
            sync_count(SYNC_REFUSED);
    }
    if ((sync_load & SYNC_LOAD_WORKER) && Channel->Round % 4 == 1)
        SyncAskWorker(Channel, Thread);
    SyncLeaveChannel(Channel);
}

int
sync_thread(int thread, unsigned int turn)
{
    PSYNC_CHANNEL Channel = NULL;
    ULONG i;

    for (i = 0; i < SYNC_CHANNELS; i++) {
        Channel = &SyncChannels[(turn + i) % SYNC_CHANNELS];
        if (Channel->Live)
            break;
    }
    if (i == SYNC_CHANNELS)
        return 0;
    SyncAskImmediate(Channel, thread,
                     (sync_load & SYNC_LOAD_CONTROLLER) && turn % 4 == 3);
    if ((sync_load & SYNC_LOAD_WORKER) && turn % 61 == 0) {
        Channel->Asking[thread] = sync_linux.task();
        SyncAskWorker(Channel, thread);
        Channel->Asking[thread] = NULL;
    }
    return 1;
}

/* A stopped channel takes nothing. */
VOID
SyncProbeStopped(PSYNC_CHANNEL Channel)
{
    BOOLEAN Ok;

    Ok = AtaPortRequestSynchronizedRoutine(Channel->Extension, sync_nop);
    Ok |= AtaPortControllerSyncRoutine(Channel->Extension, sync_nop);
    /* A driver that accepts these would run the others in freed memory. */
    if (!Ok)
        Ok = AtaPortRequestTimer(Channel->Extension, sync_nop, 1000000);
    if (!Ok)
        Ok = AtaPortRequestWorkerRoutine(Channel->Extension, sync_nop);
    if (Ok)
        sync_wrong(SYNC_W_ACCEPTED);
}

/* A routine that asks for itself for ever. */
static VOID
SyncSelfAsking(PVOID ChannelExtension)
{
    static ULONGLONG Generation;
    static LONG64 Hold;
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);
    ULONGLONG Now = sync_linux.generation();

    SyncLevel(Channel, SYNC_R_SYNC);
    sync_count(SYNC_SELF);
    Hold = Now == Generation ? Hold + 1 : 1;
    Generation = Now;
    if (Hold > SyncCounters[SYNC_LONGEST_HOLD])
        SyncCounters[SYNC_LONGEST_HOLD] = Hold;
    if (Hold > 1000) {
        sync_wrong(SYNC_W_HOLD);
        sync_self_asking = 0;
    }
    if (sync_self_asking &&
        !AtaPortRequestSynchronizedRoutine(ChannelExtension, SyncSelfAsking))
        sync_self_asking = 0;
}

void
sync_self_asking_start(int channel)
{
    PSYNC_CHANNEL Channel = &SyncChannels[channel];

    Channel->Controller->Bulk = 1;
    sync_self_asking = 1;
    if (!AtaPortRequestSynchronizedRoutine(Channel->Extension, SyncSelfAsking))
        sync_wrong(SYNC_W_REFUSED);
}

/* Does everything add up? What does not for a moment may still be under way. */
int
sync_check(int final)
{
    int Wrong = 0;
    ULONG i;

#define SYNC_CHECK(Good, Counter) \
    do { if (!(Good)) { Wrong++; if (final) sync_wrong(Counter); } } while (0)
    for (i = 0; i < SYNC_CONTROLLERS; i++) {
        PSYNC_CONTROLLER Controller = &SyncControllers[i];

        SYNC_CHECK(Controller->A == Controller->B &&
                   Controller->A == (ULONGLONG)Controller->Touches, SYNC_W_LOST);
    }
    for (i = 0; i < SYNC_CHANNELS; i++) {
        PSYNC_CHANNEL Channel = &SyncChannels[i];
        ULONG n;

        SYNC_CHECK(Channel->A == Channel->B &&
                   Channel->A == (ULONGLONG)Channel->Touches, SYNC_W_CHANNEL);
        SYNC_CHECK(Channel->Deferred.Head == Channel->Deferred.Tail, SYNC_W_DROPPED);
        SYNC_CHECK(Channel->ControllerDeferred.Head ==
                   Channel->ControllerDeferred.Tail, SYNC_W_DROPPED);
        for (n = 0; Channel->Live && !Channel->Stopped && n < SYNC_NR_TIMERS; n++)
            SYNC_CHECK(!Channel->Timer[n].Pending, SYNC_W_DROPPED);
    }
    SYNC_CHECK(SyncCounters[SYNC_WORKERS] == SyncCounters[SYNC_WORKERS_ASKED],
               SYNC_W_DROPPED);
#undef SYNC_CHECK
    return Wrong;
}

/* Tests one by one. */

static struct {
    ULONG   Step, Number, Accepted, Refused;
} SyncTest;

static VOID
SyncTestRoutine(PVOID ChannelExtension)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);
    ULONG i;

    SyncEnter(Channel, FALSE);
    Channel->Controller->Bulk = 1;
    switch (SyncTest.Step) {
    case 0:
        for (i = 0; i < SyncTest.Number; i++)
            if (SyncAskDeferred(Channel))
                SyncTest.Accepted++;
            else
                SyncTest.Refused++;
        break;
    case 1:
        for (i = 0; i < SyncTest.Number; i++)
            if (!SyncAskDeferred(Channel) || !SyncAskControllerDeferred(Channel))
                sync_wrong(SYNC_W_REFUSED);
        break;
    case 2:
        Channel->Chain = (LONG)SyncTest.Number - 1;
        if (!SyncAskDeferred(Channel))
            sync_wrong(SYNC_W_REFUSED);
        break;
    case 3:
        for (i = 0; i < SyncTest.Number; i++)
            if (!AtaPortRequestSynchronizedRoutine(ChannelExtension, sync_nop))
                sync_wrong(SYNC_W_REFUSED);
        break;
    }
    SyncLeave(Channel);
}

static VOID
SyncTestStep(int channel, ULONG Step, ULONG Number)
{
    SyncTest.Step = Step;
    SyncTest.Number = Number;
    SyncTest.Accepted = 0;
    SyncTest.Refused = 0;
    if (!AtaPortRequestSynchronizedRoutine(SyncChannels[channel].Extension,
                                           SyncTestRoutine))
        sync_wrong(SYNC_W_REFUSED);
}

void
sync_test_full(int channel, unsigned int *accepted, unsigned int *refused)
{
    SyncTestStep(channel, 0, 64);
    *accepted = SyncTest.Accepted;
    *refused = SyncTest.Refused;
}

void
sync_test_mixed(int channel)
{
    SyncTestStep(channel, 1, 8);
}

void
sync_test_chain(int channel, unsigned int length)
{
    SyncTestStep(channel, 2, length);
}

int
sync_test_settled(int channel)
{
    PSYNC_CHANNEL Channel = &SyncChannels[channel];

    return Channel->Chain == 0 && Channel->Deferred.Head == Channel->Deferred.Tail &&
           Channel->ControllerDeferred.Head == Channel->ControllerDeferred.Tail;
}

/* Workers that know their place. */
static SYNC_FIFO SyncWorkerFifo;

static VOID
SyncOrderedWorker(PVOID ChannelExtension, ULONG Index)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);

    SyncLevel(Channel, SYNC_R_WORKER);
    SyncEnterChannel(Channel);
    sync_count(SYNC_WORKERS);
    SyncRan(&SyncWorkerFifo, Index);
    SyncLeaveChannel(Channel);
}

SYNC_EIGHT(SyncOrderedWorker, 0x0)
static const IDE_HW_DPC SyncOrderedPool[8] = { SYNC_EIGHT_NAMES(SyncOrderedWorker, 0x0) };

static VOID
SyncAskWorkers(PVOID ChannelExtension)
{
    ULONG i;

    for (i = 0; i < 64; i++) {
        if (!AtaPortRequestWorkerRoutine(ChannelExtension,
                                         SyncOrderedPool[SyncWorkerFifo.Next]))
            break;
        sync_count(SYNC_WORKERS_ASKED);
        SyncTest.Accepted++;
        SyncAccepted(&SyncWorkerFifo, 8);
    }
}

void
sync_test_workers(int channel, unsigned int *accepted)
{
    ULONG i;

    SyncTest.Accepted = 0;
    /* Asked for by a worker: under the channel lock none runs before all are there. */
    if (!AtaPortRequestWorkerRoutine(SyncChannels[channel].Extension, SyncAskWorkers))
        sync_wrong(SYNC_W_REFUSED);
    for (i = 0; i < 5000; i++) {
        sync_linux.sleep();
        if (SyncTest.Accepted != 0 && SyncWorkerFifo.Head == SyncWorkerFifo.Tail)
            break;
    }
    *accepted = SyncTest.Accepted;
    if (SyncWorkerFifo.Head != SyncWorkerFifo.Tail)
        sync_wrong(SYNC_W_DROPPED);
}

static VOID
SyncArmWanted(PSYNC_CHANNEL Channel)
{
    ULONG i;

    for (i = 0; i < SYNC_NR_TIMERS; i++)
        if (Channel->Wanted[i] >= 0)
            SyncArm(Channel, i, (ULONG)Channel->Wanted[i]);
}

static VOID
SyncArmSynchronized(PVOID ChannelExtension)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);

    SyncEnter(Channel, FALSE);
    SyncArmWanted(Channel);
    SyncLeave(Channel);
}

static volatile ULONG SyncArmed;

static VOID
SyncArmWorker(PVOID ChannelExtension)
{
    PSYNC_CHANNEL Channel = SyncFind(ChannelExtension);

    SyncEnterChannel(Channel);
    if (!Channel->Sync)
        SyncArmWanted(Channel);
    else if (!AtaPortRequestSynchronizedRoutine(ChannelExtension, SyncArmSynchronized))
        sync_wrong(SYNC_W_REFUSED);
    SyncLeaveChannel(Channel);
    SyncArmed++;
}

void
sync_test_timers(int channel, const int *us)
{
    PSYNC_CHANNEL Channel = &SyncChannels[channel];
    ULONG Before = SyncArmed;
    ULONG i;

    for (i = 0; i < SYNC_NR_TIMERS; i++)
        Channel->Wanted[i] = us[i];
    if (!AtaPortRequestWorkerRoutine(Channel->Extension, SyncArmWorker)) {
        sync_wrong(SYNC_W_REFUSED);
        return;
    }
    for (i = 0; SyncArmed == Before && i < 5000; i++)
        sync_linux.sleep();
    if (SyncArmed == Before)
        sync_wrong(SYNC_W_DROPPED);
}

int
sync_timer_pending(int channel, int timer)
{
    return SyncChannels[channel].Timer[timer].Pending;
}

unsigned int
sync_timer_order(void)
{
    unsigned int Order = SyncTimerOrder;

    SyncTimerOrder = 0;
    return Order;
}

struct sync_lateness *
sync_lateness_of(int channel, int timer)
{
    return &SyncChannels[channel].Timer[timer].Late;
}

static volatile LONG SyncCrossTo, SyncCrossed;

static VOID
SyncCross(PVOID ChannelExtension)
{
    UNREFERENCED_PARAMETER(ChannelExtension);
    SyncCrossed = AtaPortRequestSynchronizedRoutine(SyncChannels[SyncCrossTo].Extension,
                                                    sync_nop);
    AtaPortDeviceBusy(SyncChannels[SyncCrossTo].Extension, 0, 0, 1);
    /* Of a target that it has not: what follows a completion takes no lock here. */
    AtaPortCompleteAllActiveRequests(SyncChannels[SyncCrossTo].Extension, 1, 0, IRB_STATUS_BUS_RESET);
}

int
sync_test_cross(int from, int to)
{
    SyncCrossTo = to;
    SyncCrossed = -1;
    AtaPortRequestSynchronizedRoutine(SyncChannels[from].Extension, SyncCross);
    return SyncCrossed;
}

/*
 * Workers of two controllers at once, under their channel locks: each asks for a routine of the
 * other's, which leaves something for the other's channel lock, too.
 */
#define SYNC_BESIDE         500
/* Of 100 us. */
#define SYNC_BESIDE_SPINS   5000

static volatile LONG SyncBesideLeft[2];

static VOID
SyncBesideReady(PVOID ChannelExtension)
{
    AtaPortDeviceReady(ChannelExtension, 0, 0);
}

static VOID
SyncBeside(int Mine, int Other)
{
    ULONG Spins = 0;

    /* On the other processor, and at the same time; but not for ever. */
    SyncBesideLeft[Mine] = SYNC_BESIDE;
    while (SyncBesideLeft[!Mine] <= 0 && Spins++ < SYNC_BESIDE_SPINS)
        AtaPortStallExecution(100);
    while (SyncBesideLeft[Mine] > 0 &&
           AtaPortRequestSynchronizedRoutine(SyncChannels[Other].Extension, SyncBesideReady))
        SyncBesideLeft[Mine]--;
    SyncBesideLeft[Mine] = Spins < SYNC_BESIDE_SPINS && !SyncBesideLeft[Mine] ? -1 : -2;
}

static VOID
SyncBesideFirst(PVOID ChannelExtension)
{
    UNREFERENCED_PARAMETER(ChannelExtension);
    SyncBeside(0, SYNC_PORTS);
}

static VOID
SyncBesideSecond(PVOID ChannelExtension)
{
    UNREFERENCED_PARAMETER(ChannelExtension);
    SyncBeside(1, 0);
}

void
sync_beside_start(int side)
{
    SyncBesideLeft[side] = 0;
    if (!AtaPortRequestWorkerRoutine(SyncChannels[side ? SYNC_PORTS : 0].Extension,
                                     side ? SyncBesideSecond : SyncBesideFirst))
        SyncBesideLeft[side] = -2;
}

/* TRUE once the routines of both sides have all run, at the same time. */
int
sync_beside_met(void)
{
    int i;

    for (i = 0; i < 5000 && (SyncBesideLeft[0] >= 0 || SyncBesideLeft[1] >= 0); i++)
        sync_linux.sleep();
    return SyncBesideLeft[0] == -1 && SyncBesideLeft[1] == -1;
}

void
sync_nop(void *channel_extension)
{
    UNREFERENCED_PARAMETER(channel_extension);
}

void
sync_bench_deferred(int channel, unsigned int number)
{
    SyncTestStep(channel, 3, number);
}

void *
sync_extension(int channel)
{
    return SyncChannels[channel].Extension;
}

void *
sync_controller_extension(int controller)
{
    return SyncControllers[controller].Extension;
}

int
sync_channel_live(int channel)
{
    return SyncChannels[channel].Live && !SyncChannels[channel].Stopped;
}

int
sync_mode(int channel)
{
    return SyncChannels[channel].Sync;
}

unsigned int
sync_claimed(int channel)
{
    return SyncChannels[channel].Claimed;
}
