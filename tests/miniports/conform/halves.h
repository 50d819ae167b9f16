/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two halves of this module know of each other: the miniport, which
 * checks, and the Linux side, which keeps the verdicts, gives orders and
 * knows what the kernel thinks of the same things. Basic types only, since
 * both dialects read it.
 */
#ifndef CONFORM_HALVES_H
#define CONFORM_HALVES_H

#include "rules.h"

/* The Linux side, for the miniport, which may import AtaPort routines only. */
struct conf_linux {
	void (*check)(int rule, int ok, const char *file, int line);
	/* nanoseconds: monotonic, and since 1970 */
	unsigned long long (*now)(void);
	unsigned long long (*wall)(void);
	/* the kernel's own wait of microseconds */
	void (*delay)(unsigned int us);
	/* BAR as the PCI core has it; 0 if it is not implemented */
	int (*bar)(int bar, unsigned long long *start, unsigned long long *length, int *memory);
	/* byte of configuration space, below 0 if there is none */
	int (*config)(int offset);
	/* move data as a device would, by bus address */
	void (*copy)(unsigned long long bus, void *buffer, unsigned int length, int to_bus);
	/* the controller has come, or goes */
	void (*attach)(int on);
	/* let its interrupt handler run; 0 if that works */
	int (*interrupt)(void);
	/* is the interrupt lock held by anybody, for so many milliseconds on end? */
	int (*locked)(unsigned int ms);
	/* about a millisecond, in process context */
	void (*sleep)(void);
	/* say that the controller has addresses of 32 bits */
	int dma32;
	/* an access that the machine's trace shows and no miniport makes */
	void (*mark)(unsigned int number);
};

extern struct conf_linux conf_linux;

/* The miniport, for the Linux side; orders come in process context. */
unsigned int conf_entry(void *driver_object, void *registry_path);
int conf_order(const char *name, unsigned int a, unsigned int b);
/* State that shell tests wait for. */
unsigned int conf_state(unsigned int number);

#define CONF_STATES(X)						\
	X(HELD, "held")						\
	X(IDENTIFIES, "identifies")				\
	X(INITIALIZES, "initializes")				\
	X(RESETS, "resets")					\
	X(IDENTIFIES_EMPTY, "identifies-empty")			\
	X(STARTED_TRICKS, "started-tricks")			\
	X(DMA, "dma")						\
	X(PIO, "pio")						\
	X(CALLS, "calls")					\
	X(INTERRUPTS, "interrupts")				\
	X(HUNG, "hung")						\
	X(POWER, "power")					\
	X(LUN_RESETS, "lun-resets")				\
	X(STARTS, "starts")					\
	X(FUNCTION, "function")					\
	X(FLAGS, "flags")					\
	X(TIMEOUT, "timeout")					\
	X(COMMAND, "command")					\
	X(FALSES, "falses")					\
	X(EARLY, "early")					\
	X(LPM, "lpm")						\
	X(ADAPTIVE, "adaptive")					\
	X(SLEEP, "sleep")					\
	X(FUAS, "fuas")						\
	X(HIGH, "high")						\
	X(RANDOM, "random")

#define CONF_STATE_ENUM(Name, Text)	CONF_STATE_##Name,
enum { CONF_STATES(CONF_STATE_ENUM) CONF_NR_STATES };

#endif
