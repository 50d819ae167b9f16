/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two halves of this module know of each other: the miniport, which
 * sees the port driver as a Windows driver does, and the Linux side, which
 * sees what the miniport cannot: locks, contexts, processors, time. Basic types
 * only, since both dialects read it.
 *
 * The miniport calls the Linux side by pointers (sync_linux, filled in before
 * the miniport's DriverEntry), because it may not import anything but AtaPort
 * routines; the Linux side calls the miniport by name.
 */
#ifndef SYNCTEST_HALVES_H
#define SYNCTEST_HALVES_H

#define SYNC_CONTROLLERS	2
#define SYNC_PORTS		8	/* per controller */
#define SYNC_CHANNELS		(SYNC_CONTROLLERS * SYNC_PORTS)
#define SYNC_THREADS		8	/* threads that ask from process context */

/* Routines of a miniport, rows of the table of levels. */
#define SYNC_ROUTINES(X)				\
	X(DRIVER_ENTRY,		"DriverEntry")		\
	X(ADAPTER_START,	"AdapterControl(Start)") \
	X(ADAPTER_STOP,		"AdapterControl(Stop)")	\
	X(CHANNEL_ENABLED,	"ChannelEnabled")	\
	X(CHANNEL_INIT,		"ChannelInit")		\
	X(CONTROL_START,	"HwControl(Start)")	\
	X(CONTROL_STOP,		"HwControl(Stop)")	\
	X(ADAPTER_POWER,	"AdapterControl(Power)") \
	X(CONTROL_POWER,	"HwControl(Power)")	\
	X(BUILD,		"HwBuildIo")		\
	X(INITIALIZE,		"HwInitialize")		\
	X(START,		"HwStartIo")		\
	X(RESET,		"HwReset")		\
	X(INTERRUPT,		"HwInterrupt")		\
	X(SYNC,			"synchronized")		\
	X(CONTROLLER_SYNC,	"controller-sync")	\
	X(TIMER,		"timer")		\
	X(WORKER,		"worker")

/* What is counted, and what must stay 0: those from WRONG on. */
#define SYNC_COUNTERS(X)				\
	X(INTERRUPTS,		"interrupts")		\
	X(STARTS,		"starts")		\
	X(IMMEDIATE,		"immediate")		\
	X(DEFERRED,		"deferred")		\
	X(OF_CONTROLLER,	"controller-sync")	\
	X(REFUSED,		"refused")		\
	X(FULL,			"full")			\
	X(WORKERS,		"workers")		\
	X(WORKERS_ASKED,	"workers-asked")	\
	X(WORKERS_FULL,		"workers-full")		\
	X(TIMERS,		"timers")		\
	X(TIMERS_ASKED,		"timers-asked")		\
	X(REARMED,		"re-armed")		\
	X(CANCELLED,		"cancelled")		\
	X(SELF,			"self-asking")		\
	X(LONGEST_HOLD,		"longest-hold")		\
	X(STOPS,		"stops")		\
	X(BAD_REFUSED,		"bad-refused")		\
	X(BAD_BUILT,		"bad-built")		\
	X(WRONG,		"wrong")		\
	X(W_TORN,		"wrong-torn")		\
	X(W_NESTED,		"wrong-nested")		\
	X(W_LOST,		"wrong-lost-update")	\
	X(W_CHANNEL,		"wrong-channel-exclusion") \
	X(W_ORDER,		"wrong-order")		\
	X(W_TWICE,		"wrong-twice")		\
	X(W_DROPPED,		"wrong-dropped")	\
	X(W_LATE,		"wrong-late")		\
	X(W_INLINE,		"wrong-inside-asker")	\
	X(W_NOT_RUN,		"wrong-not-run")	\
	X(W_EARLY,		"wrong-early")		\
	X(W_TIMER,		"wrong-timer-not-asked") \
	X(W_AFTER_STOP,		"wrong-after-stop")	\
	X(W_ACCEPTED,		"wrong-accepted")	\
	X(W_REFUSED,		"wrong-refused")	\
	X(W_HOLD,		"wrong-hold")		\
	X(W_LEVEL,		"wrong-level")

#define SYNC_NAME_(name, text)		SYNC_##name,
enum sync_counter { SYNC_COUNTERS(SYNC_NAME_) SYNC_NR_COUNTERS };
#undef SYNC_NAME_
#define SYNC_NAME_(name, text)		SYNC_R_##name,
enum sync_routine { SYNC_ROUTINES(SYNC_NAME_) SYNC_NR_ROUTINES };
#undef SYNC_NAME_

/* Who asks, bits of sync_load. */
#define SYNC_LOAD_INTERRUPT	0x01
#define SYNC_LOAD_START		0x02
#define SYNC_LOAD_BUILD		0x04
#define SYNC_LOAD_WORKER	0x08
#define SYNC_LOAD_TIMER		0x10
#define SYNC_LOAD_THREADS	0x20
#define SYNC_LOAD_FULL		0x40	/* more than fits, now and then */
#define SYNC_LOAD_CONTROLLER	0x80	/* controller-sync too */

#define SYNC_NR_TIMERS		4

/* Lateness of timers in nanoseconds. */
struct sync_lateness {
	unsigned int		count;
	unsigned long long	sum, max;
};

/* The Linux side, for the miniport. */
struct sync_linux {
	/* monotonic time in nanoseconds */
	unsigned long long (*now)(void);
	/* the task that runs, or is interrupted */
	void *(*task)(void);
	/* changes when this processor has had interrupts on in between */
	unsigned long long (*generation)(void);
	/* look at locks and context; channel -1 where there is none yet */
	void (*level)(int controller, int channel, int routine, int sync);
	/* print once what went wrong */
	void (*wrong)(const char *what);
	void (*attach)(int controller);
	void (*detach)(int controller);
	void (*started)(void);
	/* about a millisecond, in process context */
	void (*sleep)(void);
};

extern struct sync_linux sync_linux;

/* The miniport, for the Linux side. */
extern volatile unsigned int sync_load;
extern volatile int sync_self_asking;
extern volatile int sync_bad_build;

unsigned int sync_entry(void *driver_object, void *registry_path);
unsigned long long sync_counter(int counter);
void sync_count(int counter);
void sync_wrong(int counter);
void *sync_extension(int channel);
void *sync_controller_extension(int controller);
int sync_channel_live(int channel);
int sync_mode(int channel);
unsigned int sync_claimed(int channel);
/* Something to do in a thread's turn; 0 when no channel is there. */
int sync_thread(int thread, unsigned int turn);
/* How much does not add up; once the machine is quiet, that is wrong. */
int sync_check(int final);
void sync_self_asking_start(int channel);

/* Tests in process context, in steps between which the Linux side waits. */
void sync_test_full(int channel, unsigned int *accepted, unsigned int *refused);
void sync_test_mixed(int channel);
void sync_test_chain(int channel, unsigned int length);
int sync_test_settled(int channel);
void sync_test_workers(int channel, unsigned int *accepted);
/* Timer routines arm the timers' times in microseconds; 0 cancels, -1 leaves. */
void sync_test_timers(int channel, const int *us);
int sync_timer_pending(int channel, int timer);
/* Timers in the order in which they ran since the last call, first lowest. */
unsigned int sync_timer_order(void);
struct sync_lateness *sync_lateness_of(int channel, int timer);
/* Under the interrupt lock of one controller, ask for another's. */
int sync_test_cross(int from, int to);
/* Under a channel lock of each, two controllers at once ask for each other's. */
void sync_beside_start(int side);
int sync_beside_met(void);
void sync_nop(void *channel_extension);
void sync_bench_deferred(int channel, unsigned int number);

#endif
