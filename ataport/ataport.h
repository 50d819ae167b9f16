/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ataport.h - objects, locks and contexts of the port driver
 *
 * Objects
 *
 *   struct ataport_miniport	one miniport module (its PCI driver)
 *     struct ataport_controller	one PCI function; owns the ata_host
 *       struct ataport_channel	one ata_port; owns queues and DMA memory
 *         struct ataport_irb	one request, in a table made at start
 *         struct ataport_timer	one pending timer routine
 *
 * Locks, in the order in which they may be taken
 *
 *   channel lock	ch->lock, which is ap->lock; libata's calls down
 *			(qc_prep, qc_issue, freeze) arrive with it held
 *   interrupt lock	host->lock, taken with spin_lock_irqsave(); the real
 *			interrupt handler holds it around every IdeHwInterrupt
 *
 * Never the other way, and nothing else is taken on the I/O path.  A request
 * that completes under the interrupt lock is only marked in ch->isr_done;
 * whoever drops that lock takes the marks along and tells libata under the
 * channel lock.
 *
 * Contexts of the miniport's routines
 *
 *   routine			SyncWithIsr TRUE	SyncWithIsr FALSE
 *   AdapterControl, ChannelInit,
 *   ChannelEnabled, HwControl
 *   to start and to stop	process, no lock	the same
 *   HwControl of power		channel lock		the same
 *   TransferModeSelect		process, one channel of a controller at a time
 *   IdeHwBuildIo		channel lock		the same
 *   IdeHwStartIo, IdeHwReset,
 *   IdeHwInitialize		channel + interrupt	channel lock
 *   IdeHwInterrupt		interrupt lock		the same
 *   synchronized routine	interrupt lock		the same
 *   timer routine		interrupt lock		channel lock
 *   worker routine		channel lock		the same
 */
#ifndef ATAPORT_H
#define ATAPORT_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/libata.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "ataport_glue.h"
#include "ntstatus.h"

#define ATAPORT_MAX_CHANNELS	32
#define ATAPORT_MAX_DEPTH	32
/* Beyond the depth: libata's internal command, ours, and some to lose. */
#define ATAPORT_SPARE_IRBS	8
#define ATAPORT_MAX_IRBS	(ATAPORT_MAX_DEPTH + ATAPORT_SPARE_IRBS)
/* IRBs that are used in turn while that many do: few enough to stay in the caches. */
#define ATAPORT_HOT_IRBS	GENMASK_ULL(7, 0)
#define ATAPORT_MAX_TARGETS	2
/* Channels of a PCI IDE function that may be in compatibility mode. */
#define ATAPORT_COMPAT_CHANNELS	2
#define ATAPORT_MAX_SG		256
/* Elements that a list next to its IRB has room for: as many as make an ataport_irb 512 bytes. */
#define ATAPORT_SMALL_SG	10
/* Fixed format with its extension. */
#define ATAPORT_SENSE_SIZE	80
/* From one target's sense buffer to the next's: no miniport wants them better aligned. */
#define ATAPORT_SENSE_STRIDE	PAGE_SIZE
/* Most bytes of a request whose memory may have to be aligned: one element of any channel. */
#define ATAPORT_ALIGNED_SIZE	(ATA_DMA_BOUNDARY + 1)
#define ATAPORT_IRB_ALIGN	128
#define ATAPORT_MAX_EXTENSION	(32U << 20)
/* Bytes of a channel extension that is small. */
#define ATAPORT_SMALL_EXTENSION	1024
#define ATAPORT_TIMERS		16
/* Requests for callbacks that one channel may have outstanding, per kind. */
#define ATAPORT_QUEUE_DEPTH	32
/* Synchronized routines run in one hold of the interrupt lock. */
#define ATAPORT_SYNC_BUDGET	64
/* Bit of ch->paused: all of the channel, for a private I/O control. */
#define ATAPORT_PAUSED_BY_CONTROL ATAPORT_MAX_TARGETS
/* All that end by themselves. */
#define ATAPORT_PAUSES		(BIT(ATAPORT_PAUSED_BY_CONTROL + 1) - 1)
/* And of a target in D3, which no end of a pause wakes; changed under the channel lock. */
#define ATAPORT_PAUSED_ASLEEP(target) (ATAPORT_MAX_TARGETS + 1 + (target))
#define ATAPORT_ASLEEP		(~0UL << ATAPORT_PAUSED_ASLEEP(0))
#define ATAPORT_NO_TAG		0xff
#define ATAPORT_DEFERRED_WRITES	8
#define ATAPORT_MAX_TAG		255
/* Arguments of AtaPortTraceNotification behind its named ones: x86-64 passes so many. */
#define ATAPORT_TRACE_VALUES	4
/* Seconds that a device may be paused. */
#define ATAPORT_MAX_PAUSE	60

/*
 * Of routines that requests and interrupts go through: the linker puts them
 * together, so that they share pages, and entries of the TLB.
 */
#define ataport_hot		__attribute__((__hot__))

struct ataport_channel;
struct ataport_control;
struct ataport_controller;
struct ataport_ioctl;
struct ataport_node;

/*
 * An extension that miniports hold a pointer to.  Every AtaPort routine looks
 * its argument up among these before it believes it.
 */
struct ataport_extension {
	struct hlist_node		node;
	void				*memory;
	struct ataport_controller	*ctl;
	struct ataport_channel		*ch;	/* NULL: controller extension */
};

/*
 * The channel whose extension hashes to a place; where two do, one of them has
 * to be searched for.  @ch is written before @memory and valid as long as that
 * stands, which is longer than any caller of that channel runs.
 */
struct ataport_extension_slot {
	const void			*memory;
	struct ataport_channel		*ch;
};

enum ataport_irb_state {
	ATAPORT_IRB_FREE,	/* in ch->free */
	ATAPORT_IRB_BUILD,	/* being filled, or in IdeHwBuildIo */
	ATAPORT_IRB_ACTIVE,	/* the miniport's */
	ATAPORT_IRB_DONE,	/* completed, in ch->done */
	ATAPORT_IRB_LOST,	/* taken back; the miniport never returned it */
};

enum ataport_mapping {
	ATAPORT_MAP_NONE,
	ATAPORT_MAP_IN_PLACE,	/* the command's own memory */
	ATAPORT_MAP_BOUNCE,	/* ch->bounce, copied in or out */
};

/**
 * struct ataport_irb - an IRB and what the port driver keeps with it
 * @irb: what the miniport sees; first, so that the pointers are equal
 * @state: &enum ataport_irb_state; leaves ACTIVE by cmpxchg, from any context
 * @index: position in ch->irbs
 * @tag: libata's tag of @qc, to recognise a qc that was used again
 * @target: copy of TargetId that a miniport cannot overwrite
 * @function: copy of Function, for the same reason
 * @mapped: what irb.DataBuffer points to
 * @requeue: give the command back to the block layer, to come again
 * @unusual: any of these two
 * @started: jiffies at IdeHwStartIo
 * @retried: IRB_STATUS_BUSY was already answered by issuing again
 * @unbuilt: it ended before IdeHwStartIo, perhaps in IdeHwBuildIo
 * @qc: the command behind, NULL for our own requests and once libata has
 *	taken the command away; channel lock
 * @control: a private I/O control and its data; channel lock
 * @buffer: copy of irb.DataBuffer that a miniport cannot overwrite
 * @held: in ch->held while the target is paused; channel lock
 * @sense: behind irb.SenseInfoBuffer
 * @sgl: scatter/gather list: @small_sgl, or one of ch->sgls
 * @ext: IRB extension, whatever the miniport writes to irb.IrbExtension
 * @ext_dma: its bus address
 * @small_sgl: list with room for ATAPORT_SMALL_SG, on the page that @irb is on
 */
struct ataport_irb {
	IDE_REQUEST_BLOCK	irb;
	atomic_t		state;
	u8			index;
	u8			tag;
	u8			target;
	u16			function;
	union {
		struct {
			u8	mapped;
			bool	requeue;
		};
		u16		unusual;
	};
	u32			started;
	bool			retried;
	bool			unbuilt;
	struct ata_queued_cmd	*qc;
	struct ataport_control	*control;
	void			*buffer;
	struct list_head	held;
	u8			sense[ATAPORT_SENSE_SIZE] __aligned(8);
	IDE_SCATTER_GATHER_LIST	*sgl;
	void			*ext;
	dma_addr_t		ext_dma;
	u8			small_sgl[sizeof(IDE_SCATTER_GATHER_LIST) + ATAPORT_SMALL_SG *
					  sizeof(IDE_SCATTER_GATHER_ELEMENT)] __aligned(8);
};

/* Lest finding one takes a division, or it lies on two pages. */
static_assert(sizeof(struct ataport_irb) == 512);

/* A timer slot; all but the hrtimer is protected by the interrupt lock. */
struct ataport_timer {
	struct hrtimer		hrtimer;
	struct ataport_channel	*ch;
	IDE_HW_DPC		routine;
	ktime_t			expires;
	bool			armed;
};

struct ataport_sync_request {
	struct ataport_channel	*ch;
	IDE_HW_DPC		routine;
	IDE_CALLBACK_TYPE	type;
};

/* What the interrupt handler calls of a started channel. */
struct ataport_isr {
	IDE_HW_INTERRUPT	routine;
	void			*extension;
};

/* A pause of one target; whether it lasts is a bit of ch->paused.  LOCKING: interrupt lock. */
struct ataport_pause {
	struct hrtimer			timer;
	ktime_t				until;
	struct ataport_channel		*ch;
	unsigned int			target;
};

/* Queue tags of a target or of the channel; bit operations suffice. */
struct ataport_tags {
	DECLARE_BITMAP(used, ATAPORT_MAX_TAG + 1);
	unsigned int			max;
};

/* Transfer modes of a target, as the interface counts them. */
struct ataport_modes {
	u32				allowed;	/* by IdeHwInitialize */
	u32				selected;	/* by AtaControllerTransferModeSelect */
};

/* A connected interrupt, and what its handler gets. */
struct ataport_irq {
	unsigned int			number;
	void				*data;
};

/* The last events of a channel, for debugfs. */
#define ATAPORT_LOG_SIZE	128

enum ataport_log_event {
	ATAPORT_LOG_NONE,
	ATAPORT_LOG_ISSUE,
	ATAPORT_LOG_COMPLETE,
	ATAPORT_LOG_RESET,
	ATAPORT_LOG_NOTIFY,
	ATAPORT_LOG_FREEZE,
	ATAPORT_LOG_CONTROL,
};

struct ataport_log_entry {
	u32				when;
	u16				b;
	u8				what, a, c;
};

/**
 * struct ataport_own - a request of the port driver's own
 * @function: IRB_FUNCTION_*
 * @flags: IRB_FLAGS_*
 * @timeout: jiffies to wait
 * @power: of IRB_FUNCTION_POWER_CHANGE
 * @taskfile: of an ATA command without data
 */
struct ataport_own {
	u16				function;
	u32				flags;
	unsigned long			timeout;
	union {
		IDE_POWER_INFO		power;
		IDE_TASK_FILE		taskfile;
	};
};

/* A registry write that waits for the buffer to be freed. */
struct ataport_deferred_write {
	u8				controller;
	bool				channel;
	u8				type;
	const u8			*buffer;
	unsigned int			length;
	char				name[64];
};

/* Which breaches were reported: a rule and the routine that broke it. */
#define ATAPORT_MAX_REPORTS	64

struct ataport_reports {
	unsigned long			key[ATAPORT_MAX_REPORTS];
};

/* Events noted at any level, acted upon under the channel lock. */
enum ataport_event {
	ATAPORT_EV_REMOVED,	/* + target */
	ATAPORT_EV_BUS_CHANGE	= ATAPORT_EV_REMOVED + ATAPORT_MAX_TARGETS,
	ATAPORT_EV_RESUME,
	ATAPORT_EV_POWER,	/* see ch->power_wanted */
	ATAPORT_EV_WAKE,	/* a request waits for a device in D3 */
};

/**
 * struct ataport_channel - one channel
 * @ctl: controller
 * @ap: libata's port
 * @number: channel number, as the miniport counts
 * @lock: the channel lock; ap->lock points here
 * @ext: channel extension, and how it is found
 * @iface: the miniport's entry points
 * @config: answer of IdeHwControl(IdeStart)
 * @advanced: memory behind config.AdvancedChannelConfiguration
 * @sync_with_isr: StartIo, Reset, Initialize and timers take the interrupt lock
 * @starting: task inside IdeHwControl(IdeStart), or on its way from there to a started channel
 * @passive: task inside a routine that may use the registry
 * @accepting: callbacks are accepted; interrupt lock
 * @ran: an I/O routine has run, so that a reset means IdeHwReset
 * @frame_owner: task that runs a miniport routine under the channel lock
 * @building: task inside IdeHwBuildIo
 * @depth: overlapped requests the channel takes
 * @dev_depth: and each device
 * @max_sg: elements of a scatter/gather list
 * @unaligned: bits of an address that the miniport wants zero and the block layer does
 *	not keep so; 0 for most miniports
 * @irbs: table of requests
 * @nr_irbs: how many
 * @irbs_size: their bytes
 * @irbs_size_all: the same with the request-sense IRBs
 * @free: indices of free entries; channel lock
 * @last: index given out last; entries are reused in turn, so that a late
 *	completion of a lost IRB has the smallest chance to meet a living one
 * @done: indices of completed IRBs, any context
 * @isr_done: the same of those completed under the interrupt lock, which
 *	protects it
 * @events: bits of &enum ataport_event, any context
 * @uncached: uncached extension
 * @uncached_dma: its bus address
 * @uncached_size: its bytes
 * @sense_irb: request-sense IRB of each target, behind @irbs
 * @sense_busy: targets whose request-sense IRB is given out, any context
 * @sense_for: the IRB that it is for; set means given out
 * @sense_buf: its data, ATAPORT_SENSE_STRIDE bytes for each target
 * @sense_dma: bus address of that
 * @irb_ext: one region of all IRB extensions
 * @irb_ext_dma: its bus address
 * @irb_ext_size: its bytes
 * @irb_ext_stride: bytes from one extension to the next
 * @sgls: one region of scatter/gather lists with room for @max_sg, one for each IRB
 * @timers: timer slots
 * @worker: runs them
 * @workers: ring of worker routines; interrupt lock
 * @worker_head: where the next one goes
 * @worker_tail: the oldest
 * @nr_sync: synchronized requests queued; interrupt lock
 * @issuing: the command that qc_issue works on; channel lock
 * @issue_error: what it failed with on the spot
 * @own_mutex: one request of our own at a time
 * @own_done: completion of a request of our own
 * @own_wait: the request that @own_done stands for; channel lock
 * @own_status: its IrbStatus
 * @in_reset: inside IdeHwReset; channel lock
 * @rescued: the interrupt of a command was lost; channel lock
 * @probe_only: the next reset only looks who is there; channel lock
 * @down: the machine goes down, no command is issued any more; channel lock
 * @power: IDE_POWER_STATE that each target was told last; error handler
 * @power_wanted: and the one that the miniport asks for, any context
 * @identify: copy of IDENTIFY data for IdeHwInitialize, in the error handler
 * @requeues: rounds of BUS_RESET without a success in between
 * @requeued: this round has one
 * @bounce: buffer for MAP_BUFFERS requests in several pieces, and for those that are not
 *	aligned; channel lock
 * @bounce_dma: its address, where requests may not be aligned; it never grows then
 * @bounce_size: its bytes
 * @bounce_need: bytes that it should have
 * @bounce_user: request that uses it
 * @bounce_work: makes a larger one
 * @paused: targets that take no new request, and why; any context
 * @pauses: when each goes on
 * @held: requests that wait for that; channel lock
 * @tags: queue tags of each target and of the channel
 * @control: the private I/O control that is outstanding; channel lock
 * @control_mutex: one caller at a time
 * @control_wait: waits for @control to be gone
 * @control_closed: no new one; channel lock
 * @control_late: ends @control at its deadline where its caller was killed
 * @registry_buffer: what AtaPortRegistryAllocateBuffer gave out; changed under
 *	the interrupt lock
 * @registry_size: its bytes; the same
 * @deferred: writes that wait for it to be freed; added under the interrupt
 *	lock, while there is a buffer
 * @nr_deferred: how many; interrupt lock
 * @log: ring of the last events
 * @log_head: the newest
 * @reports: what was reported already
 */
struct ataport_channel {
	/* First what requests need, that it be on one page. */
	struct ataport_controller	*ctl;
	struct ata_port			*ap;
	unsigned int			number;
	spinlock_t			lock;	/* the channel lock */
	struct ataport_extension	ext;
	IDE_CHANNEL_INTERFACE		iface;
	IDE_CHANNEL_CONFIGURATION	config;
	IDE_ADVANCED_CHANNEL_CONFIGURATION advanced;
	bool				sync_with_isr;
	struct task_struct		*starting;
	struct task_struct		*passive;
	bool				accepting;
	bool				ran;
	struct task_struct		*frame_owner;
	struct task_struct		*building;

	unsigned int			depth;
	unsigned int			dev_depth[ATAPORT_MAX_TARGETS];
	unsigned int			max_sg;
	unsigned int			unaligned;
	struct ataport_irb		*irbs;
	unsigned int			nr_irbs;
	unsigned int			irbs_size, irbs_size_all;
	unsigned long			free;
	unsigned int			last;
	unsigned long			done;
	unsigned long			isr_done;
	unsigned long			events;
	struct ata_queued_cmd		*issuing;
	unsigned int			issue_error;
	unsigned int			requeues;
	bool				requeued;
	unsigned long			paused;
	unsigned int			log_head;
	struct ataport_log_entry	log[ATAPORT_LOG_SIZE];

	void				*uncached;
	dma_addr_t			uncached_dma;
	size_t				uncached_size;
	void				*irb_ext;
	dma_addr_t			irb_ext_dma;
	size_t				irb_ext_size;
	size_t				irb_ext_stride;
	void				*sgls;

	struct ataport_irb		*sense_irb;
	unsigned long			sense_busy;
	struct ataport_irb		*sense_for[ATAPORT_MAX_TARGETS];
	u8				*sense_buf;
	dma_addr_t			sense_dma;

	struct ataport_timer		timers[ATAPORT_TIMERS];
	struct work_struct		worker;
	IDE_HW_DPC			workers[ATAPORT_QUEUE_DEPTH];
	unsigned int			worker_head, worker_tail;
	unsigned int			nr_sync;

	/* Requests of our own, process context only: not on the I/O path. */
	struct mutex			own_mutex;
	struct completion		own_done;
	struct ataport_irb		*own_wait;
	u8				own_status;
	bool				in_reset;
	bool				rescued;
	bool				probe_only;
	bool				down;
	u8				power[ATAPORT_MAX_TARGETS];
	u8				power_wanted[ATAPORT_MAX_TARGETS];
	IDENTIFY_DEVICE_DATA		identify;

	void				*bounce;
	dma_addr_t			bounce_dma;
	size_t				bounce_size;
	size_t				bounce_need;
	struct ataport_irb		*bounce_user;
	struct work_struct		bounce_work;

	struct ataport_pause		pauses[ATAPORT_MAX_TARGETS];
	struct list_head		held;
	struct ataport_tags		tags[ATAPORT_MAX_TARGETS + 1];

	struct ataport_control		*control;
	struct mutex			control_mutex;	/* one caller at a time */
	wait_queue_head_t		control_wait;
	bool				control_closed;
	struct delayed_work		control_late;

	u8				*registry_buffer;
	size_t				registry_size;
	struct ataport_deferred_write	deferred[ATAPORT_DEFERRED_WRITES];
	unsigned int			nr_deferred;

	struct ataport_reports		reports;
};

/**
 * struct ataport_controller - one PCI function
 * @mp: its miniport
 * @node: in the list of all controllers
 * @pdev: the function
 * @host: libata's host; host->lock is the interrupt lock
 * @ext: controller extension, and how it is found
 * @config: answer of AtaAdapterControl(IdeStart)
 * @resources: what config.ControllerResources points to
 * @ranges: and that to these
 * @bars: mapped BARs
 * @nr_channels: highest channel number and one
 * @channels: by number; NULL for one that is not enabled
 * @small_extensions: the channel extensions side by side, where they are small
 * @small_stride: bytes from one to the next
 * @max_sg: elements of a scatter/gather list
 * @max_sectors: sectors of 512 bytes in a request
 * @in_interrupt: inside IdeHwInterrupt; interrupt lock
 * @irq_owner: task that holds the interrupt lock
 * @sync_ring: synchronized requests not yet run; interrupt lock
 * @sync_size: its entries, a power of two
 * @sync_head: where the next one goes
 * @sync_tail: the oldest
 * @sync_work: runs those that this hold had no room for
 * @started: channels that take IdeHwInterrupt; interrupt lock
 * @isrs: their routines in ascending order, and an empty one; interrupt lock
 * @isr_done: channels with something in their isr_done; interrupt lock
 * @pending: channels with something in done or events, any context
 * @flush_work: delivers that where the caller holds another channel's lock
 * @debugfs: directory
 * @offline: a PCI error or reset is being dealt with; the error handler waits
 * @gone: nothing answers there any more; never taken back
 * @leaving: its driver is being taken away; never taken back
 * @stopped: what @started was before that; interrupt lock
 * @recovered: the error handler waits here
 * @command: bits of the PCI command register that must be set
 * @saved: configuration space, as a reset of the function does not leave it
 * @irqs: connected interrupts
 * @nr_irqs: how many
 * @vectors: the PCI function's own is among them
 * @modes: transfer modes by channel and target; one error handler at a time
 * @modes_reported: channels whose miniport selected modes that cannot be
 * @node_ioctl: /dev/ataport<N>
 * @adapter_started: AtaAdapterControl(IdeStart) has succeeded
 * @reports: what was reported already, of no channel
 */
struct ataport_controller {
	struct ataport_miniport		*mp;
	struct list_head		node;
	struct pci_dev			*pdev;
	struct ata_host			*host;
	struct ataport_extension	ext;
	IDE_CONTROLLER_CONFIGURATION	config;
	IDE_MINIPORT_RESOURCES		resources;
	IDE_ACCESS_RANGE		ranges[PCI_STD_NUM_BARS];
	void __iomem			*bars[PCI_STD_NUM_BARS];
	unsigned int			nr_channels;
	unsigned int			max_sg;
	unsigned int			max_sectors;
	struct ataport_channel		*channels[ATAPORT_MAX_CHANNELS];
	void				*small_extensions;
	size_t				small_stride;

	/* All that a request and its interrupt look at, close together. */
	struct task_struct		*irq_owner;
	unsigned int			sync_head, sync_tail;
	bool				in_interrupt;
	unsigned long			isr_done;
	unsigned long			pending;
	struct ataport_isr		isrs[ATAPORT_MAX_CHANNELS + 1];

	unsigned long			started;
	struct ataport_sync_request	*sync_ring;
	unsigned int			sync_size;
	struct work_struct		sync_work;
	struct irq_work			flush_work;
	struct dentry			*debugfs;
	bool				offline;
	bool				gone;
	bool				leaving;
	unsigned long			stopped;
	wait_queue_head_t		recovered;
	u16				command;
	struct pci_saved_state		*saved;
	struct ataport_irq		irqs[ATAPORT_COMPAT_CHANNELS + 1];
	unsigned int			nr_irqs;
	bool				vectors;
	struct ataport_modes		modes[ATAPORT_MAX_CHANNELS][ATAPORT_MAX_TARGETS];
	u32				modes_reported;
	struct ataport_node		*node_ioctl;
	bool				adapter_started;
	struct ataport_reports		reports;
};

/* Rules whose breach is reported once per channel and routine that breaks it. */
enum ataport_rule {
	ATAPORT_RULE_UNKNOWN_IRB,
	ATAPORT_RULE_COMPLETED_TWICE,
	ATAPORT_RULE_BAD_STATUS,
	ATAPORT_RULE_LOST,
	ATAPORT_RULE_NULL_ROUTINE,
	ATAPORT_RULE_UNCACHED,
	ATAPORT_RULE_PARAMETER,
	ATAPORT_RULE_SG,
	ATAPORT_RULE_REGISTRY,
	ATAPORT_RULE_REGISTRY_ARGUMENT,
	ATAPORT_RULE_TAG,
	ATAPORT_RULE_LEVEL,
	ATAPORT_RULE_BUILD,
};

#define ataport_ch_err(ch, fmt, ...)					\
	dev_err(&(ch)->ctl->pdev->dev, "%s: channel %u: " fmt,		\
		(ch)->ctl->mp->name, (ch)->number, ##__VA_ARGS__)
#define ataport_ctl_err(ctl, fmt, ...)					\
	dev_err(&(ctl)->pdev->dev, "%s: " fmt, (ctl)->mp->name, ##__VA_ARGS__)

/*
 * Report the breach of @rule once per channel and routine: the one that says
 * it, or the one that a helper speaks for.
 */
#define ataport_report_for(ch, rule, routine, fmt, ...)			\
do {									\
	if (ataport_first_report(&(ch)->reports, rule, routine))	\
		ataport_ch_err(ch, fmt, ##__VA_ARGS__);			\
} while (0)
#define ataport_report(ch, rule, fmt, ...)				\
	ataport_report_for(ch, rule, __func__, fmt, ##__VA_ARGS__)

static inline bool ataport_irb_is(struct ataport_irb *pirb,
				  enum ataport_irb_state state)
{
	return atomic_read(&pirb->state) == state;
}

/* main.c: module life, extensions */
extern struct workqueue_struct *ataport_wq;
extern struct hlist_head ataport_extensions[];
extern struct ataport_extension_slot ataport_extension_slots[];
void ataport_extension_add(struct ataport_extension *ext);
void ataport_extension_del(struct ataport_extension *ext);
struct ataport_controller *ataport_controller_find(const void *memory,
						   const char *caller);
void ataport_extension_bad(const void *memory, const char *caller);
struct ataport_channel *ataport_channel_listed(const void *memory);
struct ataport_channel *ataport_channel_search(const void *memory, const char *caller);
bool ataport_first_report(struct ataport_reports *reports, enum ataport_rule rule,
			  const char *routine);
void ataport_unimplemented(const char *routine, unsigned long *said);

/* pci.c: the controller, process context */
int ataport_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id);
void ataport_pci_remove(struct pci_dev *pdev);
void ataport_stop_channels(struct ataport_controller *ctl);
void ataport_adapter_stop(struct ataport_controller *ctl);

/* power.c: sleep and shutdown, process context */
void ataport_pci_shutdown(struct pci_dev *pdev);
extern const struct dev_pm_ops ataport_pm_ops;
int ataport_port_suspend(struct ata_port *ap, pm_message_t mesg);
int ataport_port_resume(struct ata_port *ap);
bool ataport_adapter_power(struct ataport_controller *ctl, IDE_CONTROL_ACTION action);
void ataport_channel_power(struct ataport_channel *ch, IDE_CONTROL_ACTION action);
void ataport_wake_devices(struct ataport_channel *ch);
void ataport_sleep_devices(struct ataport_channel *ch);
void ataport_power_request(struct ataport_channel *ch, unsigned int target,
			   unsigned int state);			/* any */

/* recover.c: errors of the PCI function, surprise removal; process context */
extern const struct pci_error_handlers ataport_err_handler;
int ataport_recovery_init(struct ataport_controller *ctl);
void ataport_recovery_abandon(struct ataport_controller *ctl);
void ataport_give_up(struct ataport_controller *ctl);
void ataport_wait_recovered(struct ataport_controller *ctl);
bool ataport_controller_gone(struct ataport_controller *ctl);
void ataport_repair_config(struct ataport_channel *ch);

/* irq.c: which interrupt is whose, process context */
bool ataport_compat_channel(struct ataport_controller *ctl, unsigned int n);
int ataport_connect_interrupts(struct ataport_controller *ctl);
void ataport_disconnect_interrupts(struct ataport_controller *ctl);
void ataport_synchronize_interrupts(struct ataport_controller *ctl);

/* modes.c: transfer modes of parallel ATA, in the error handler */
u32 ataport_modes_of(unsigned int xfer_mask);
void ataport_modes_allow(struct ata_device *dev, u32 supported, u32 selected);
void ataport_modes_forget(struct ata_device *dev);
u32 ataport_modes_selected(struct ata_device *dev, u32 supported);
unsigned int ataport_mode_allowed(struct ata_device *dev, unsigned int xfer_mask);
unsigned int ataport_mode_filter(struct ata_device *dev, unsigned int xfer_mask);

/* default.c: channels of a miniport that only manages the controller */
static inline bool ataport_is_default(const struct ataport_controller *ctl)
{
	return !ctl->mp->iface.AtaChannelInitRoutine;
}

#ifdef CONFIG_ATA_BMDMA
extern const struct scsi_host_template ataport_sht_default;
int ataport_default_create(struct ataport_controller *ctl, struct ata_port *ap);
int ataport_default_request_irq(struct ataport_controller *ctl, unsigned int irq,
				unsigned long flags);
#else
/* AtaPortInitializeEx() has refused the miniport. */
#define ataport_sht_default	ataport_sht_pata
static inline int ataport_default_create(struct ataport_controller *ctl,
					 struct ata_port *ap)
{
	return -EOPNOTSUPP;
}

static inline int ataport_default_request_irq(struct ataport_controller *ctl,
					      unsigned int irq, unsigned long flags)
{
	return -EOPNOTSUPP;
}
#endif

/* host.c: channels and the ops tables */
extern const struct scsi_host_template ataport_sht_pata, ataport_sht_sata;
ATAPORT_DEFINE_SDEV_CONFIGURE(ataport_sdev_configure);

/*
 * What every host has.  proc_name is how user space tells the transport: lsblk
 * reads "sata" or "ata" from it.
 */
#define ATAPORT_SHT(_proc_name)						\
	.name			= "ataport",				\
	.proc_name		= _proc_name,				\
	.queuecommand		= ata_scsi_queuecmd,			\
	.dma_need_drain		= ata_scsi_dma_need_drain,		\
	.this_id		= ATA_SHT_THIS_ID,			\
	.emulated		= ATA_SHT_EMULATED,			\
	.bios_param		= ata_std_bios_param,			\
	.unlock_native_capacity	= ata_scsi_unlock_native_capacity,	\
	.max_sectors		= ATA_MAX_SECTORS_LBA48,		\
	.ATAPORT_SDEV_CONFIGURE	= ataport_sdev_configure,		\
	ATAPORT_SHT_RENAMED

int ataport_small_extensions(struct ataport_controller *ctl);
struct ataport_channel *ataport_channel_create(struct ataport_controller *ctl,
					       struct ata_port *ap);
int ataport_channel_start(struct ataport_channel *ch);
void ataport_channel_stop(struct ataport_channel *ch);
void ataport_channel_destroy(struct ataport_channel *ch);

/* issue.c: down; channel lock held */
enum ata_completion_errors ataport_qc_prep(struct ata_queued_cmd *qc);
unsigned int ataport_qc_issue(struct ata_queued_cmd *qc);
struct ataport_irb *ataport_irb_get(struct ataport_channel *ch);
void ataport_irb_build(struct ataport_channel *ch, struct ataport_irb *pirb);
void ataport_irb_start(struct ataport_channel *ch, struct ataport_irb *pirb);
void ataport_irb_again(struct ataport_channel *ch, struct ataport_irb *pirb);
void ataport_irb_drop(struct ataport_channel *ch, struct ataport_irb *pirb);
void ataport_no_result(struct ata_queued_cmd *qc);
void ataport_irb_fill_own(struct ataport_channel *ch, struct ataport_irb *pirb,
			  const struct ataport_own *own, unsigned int target);
USHORT ataport_irb_function(const struct ata_taskfile *tf);

/* complete.c: up */
void ataport_channel_flush(struct ataport_channel *ch);
void ataport_stash_done(struct ataport_channel *ch, unsigned long done);
void ataport_deliver(struct ataport_channel *ch, unsigned long done);
bool ataport_in_frame(struct ataport_controller *ctl);
void ataport_flush_pending(struct ataport_controller *ctl);
void ataport_flush_irq_work(struct irq_work *work);
void ataport_irb_finish(struct ataport_channel *ch, struct ataport_irb *pirb);
void ataport_note_event(struct ataport_channel *ch, unsigned int event);
ATAPORT_FILL_RTF_TYPE ataport_qc_fill_rtf(struct ata_queued_cmd *qc);

/* eh.c: the error handler's steps, process context unless said */
void ataport_freeze(struct ata_port *ap);		/* channel lock */
void ataport_thaw(struct ata_port *ap);			/* channel lock */
void ataport_sched_eh(struct ata_port *ap);		/* channel lock */
void ataport_lost_interrupt(struct ata_port *ap);	/* channel lock */
void ataport_error_handler(struct ata_port *ap);
int ataport_reset(struct ata_link *link, unsigned int *classes,
		  unsigned long deadline);
u8 ataport_own_request(struct ataport_channel *ch, unsigned int target,
		       const struct ataport_own *own);
bool ataport_hw_reset(struct ataport_channel *ch);
bool ataport_hw_reset_online(struct ataport_channel *ch);
void ataport_ask_reset(struct ataport_channel *ch);
unsigned int ataport_outstanding(struct ataport_channel *ch, unsigned long *targets);
void ataport_post_internal_cmd(struct ata_queued_cmd *qc);
unsigned int ataport_read_id(struct ata_device *dev, struct ata_taskfile *tf,
			     __le16 *id);
void ataport_dev_config(struct ata_device *dev);
bool ataport_has_lpm(struct ataport_channel *ch);
int ataport_set_lpm(struct ata_link *link, enum ata_lpm_policy policy,
		    unsigned int hints);

/* callback.c: the two locks and the four kinds of callbacks */
void ataport_irq_unlock_busy(struct ataport_controller *ctl, unsigned long flags)
	__releases(&ctl->host->lock);
bool ataport_in_interrupt_routine(struct ataport_controller *ctl);
bool ataport_under_other_lock(struct ataport_controller *ctl);
bool ataport_refused_under_other_lock(struct ataport_channel *ch, const char *caller);
void ataport_started_set(struct ataport_controller *ctl, unsigned long started);
bool ataport_call_interrupt(struct ataport_channel *ch);
irqreturn_t ataport_interrupt(int irq, void *data);
irqreturn_t ataport_channel_interrupt(int irq, void *data);
void ataport_controller_add(struct ataport_controller *ctl);
void ataport_controller_del(struct ataport_controller *ctl);
void ataport_timers_release(struct ataport_channel *ch);
void ataport_callbacks_init(struct ataport_channel *ch);
void ataport_callbacks_stop(struct ataport_channel *ch);
void ataport_sync_work(struct work_struct *work);

/**
 * ataport_irq_held() - does this task hold the interrupt lock?
 * @ctl: controller
 *
 * LOCKING: any.
 */
static inline bool ataport_irq_held(struct ataport_controller *ctl)
{
	return READ_ONCE(ctl->irq_owner) == current;
}

/**
 * ataport_irq_lock() - take the interrupt lock
 * @ctl: controller
 * @flags: where to keep the interrupt state
 *
 * LOCKING: any context; not with the interrupt lock of @ctl held.
 */
static inline void ataport_irq_lock(struct ataport_controller *ctl, unsigned long *flags)
	__acquires(&ctl->host->lock)
{
	spin_lock_irqsave(&ctl->host->lock, *flags);
	WRITE_ONCE(ctl->irq_owner, current);
}

/**
 * ataport_irq_unlock() - run deferred routines, drop the interrupt lock,
 *	deliver completions
 * @ctl: controller
 * @flags: from ataport_irq_lock()
 *
 * LOCKING: interrupt lock, which is dropped.
 */
static inline void ataport_irq_unlock(struct ataport_controller *ctl, unsigned long flags)
	__releases(&ctl->host->lock)
{
	lockdep_assert_held(&ctl->host->lock);

	if (unlikely((ctl->sync_head ^ ctl->sync_tail) | ctl->isr_done)) {
		ataport_irq_unlock_busy(ctl, flags);
		return;
	}
	WRITE_ONCE(ctl->irq_owner, NULL);
	spin_unlock_irqrestore(&ctl->host->lock, flags);
	if (unlikely(READ_ONCE(ctl->pending)))
		ataport_flush_pending(ctl);
}

static inline size_t ataport_sgl_size(struct ataport_channel *ch)
{
	return struct_size((IDE_SCATTER_GATHER_LIST *)NULL, Elements, ch->max_sg);
}

/* Nobody owns @pirb any more.  LOCKING: channel lock. */
static inline void ataport_irb_put(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	lockdep_assert_held(&ch->lock);

	pirb->qc = NULL;
	atomic_set(&pirb->state, ATAPORT_IRB_FREE);
	__set_bit(pirb->index, &ch->free);
}

/* A scatter/gather list with room for everything that a request may have. */
static inline IDE_SCATTER_GATHER_LIST *ataport_large_sgl(struct ataport_channel *ch,
							 unsigned int index)
{
	return ch->sgls + index * ataport_sgl_size(ch);
}

/**
 * ataport_irb_find() - the IRB that a miniport means
 * @ch: channel
 * @irb: what it passed; compared with our table and never followed
 * @sense: a request-sense IRB will do too
 *
 * LOCKING: any.
 */
static inline struct ataport_irb *ataport_irb_find(struct ataport_channel *ch, void *irb,
						   bool sense)
{
	size_t offset = (uintptr_t)irb - (uintptr_t)ch->irbs;

	if (unlikely(offset >= (sense ? ch->irbs_size_all : ch->irbs_size) ||
		     offset % sizeof(*ch->irbs)))
		return NULL;
	return irb;
}

/* Bytes that a command moves, without the padding that libata adds. */
static inline u32 ataport_qc_length(const struct ata_queued_cmd *qc)
{
	return qc->nbytes - qc->extrabytes;
}

/**
 * ataport_frame_enter() - say that this task now runs miniport code of @ch
 * @ch: channel, locked
 *
 * Until ataport_frame_leave(), completions that appear when the interrupt
 * lock is dropped are left to this frame, which holds the channel lock.
 * LOCKING: channel lock.
 */
static inline void ataport_frame_enter(struct ataport_channel *ch)
{
	lockdep_assert_held(&ch->lock);
	WRITE_ONCE(ch->frame_owner, current);
}

static inline void ataport_frame_leave(struct ataport_channel *ch)
{
	lockdep_assert_held(&ch->lock);
	WRITE_ONCE(ch->frame_owner, NULL);
	if (unlikely(READ_ONCE(ch->done) | READ_ONCE(ch->events)))
		ataport_channel_flush(ch);
}

#define ATAPORT_EXTENSION_BITS	8

static inline unsigned int ataport_extension_hash(const void *memory)
{
	return hash_ptr(memory, ATAPORT_EXTENSION_BITS);
}

/**
 * ataport_extension_find() - the extension that starts at an address
 * @memory: what a miniport passed; never followed
 *
 * LOCKING: the caller is in a routine that keeps the controller alive, or in
 * an RCU read-side section.
 */
static inline struct ataport_extension *ataport_extension_find(const void *memory)
{
	struct ataport_extension *ext;

	hlist_for_each_entry_rcu(ext, &ataport_extensions[ataport_extension_hash(memory)],
				 node, true)
		if (likely(ext->memory == memory))
			return ext;
	return NULL;
}

/* Is something called for the channel that is in IdeHwBuildIo? */
static inline void ataport_check_building(struct ataport_channel *ch, const char *caller)
{
	struct task_struct *building = READ_ONCE(ch->building);

	if (unlikely(building) && building == current)
		ataport_report_for(ch, ATAPORT_RULE_BUILD, caller,
				   "%s called from IdeHwBuildIo\n", caller);
}

/* The channel whose extension this is, unless its slot is another's; else NULL. */
static inline struct ataport_channel *ataport_channel_in_slot(const void *memory)
{
	struct ataport_extension_slot *slot =
		&ataport_extension_slots[ataport_extension_hash(memory)];

	return likely(READ_ONCE(slot->memory) == memory) ? READ_ONCE(slot->ch) : NULL;
}

/**
 * ataport_channel_find() - the channel that an extension belongs to
 * @memory: what a miniport passed; never followed
 * @caller: name for the message
 *
 * Inline: each request of a miniport's comes by here three times or more.
 *
 * Return: the channel, or NULL with a message.
 * LOCKING: any.
 */
static inline struct ataport_channel *ataport_channel_find(const void *memory,
							   const char *caller)
{
	struct ataport_channel *ch = ataport_channel_in_slot(memory);

	if (unlikely(!ch))
		return ataport_channel_search(memory, caller);
	ataport_check_building(ch, caller);
	return ch;
}

/*
 * The same for the plain case, silently, and NULL for any other: the caller then
 * leaves the whole call to a function of its own, out of line, which uses
 * ataport_channel_find(), and needs not save a register on the short way.
 */
static inline struct ataport_channel *ataport_channel_quick(const void *memory)
{
	struct ataport_channel *ch = ataport_channel_in_slot(memory);

	return likely(ch && !READ_ONCE(ch->building)) ? ch : NULL;
}

/* mem.c: memory that miniport and hardware share, mapped data buffers */
/*
 * Does the miniport want memory better aligned than it comes?  The block layer
 * keeps what is asked of it up to a sector, but the buffers of libata's own
 * commands are aligned to a cache line.
 */
static inline bool ataport_aligns(const struct ataport_controller *ctl)
{
	return ctl->config.BusMaster && !ataport_is_default(ctl) &&
	       ctl->mp->iface.AlignmentMask >= L1_CACHE_BYTES;
}

int ataport_bounce_create(struct ataport_channel *ch);
void ataport_bounce_work(struct work_struct *work);
bool ataport_align_buffer(struct ataport_channel *ch, struct ataport_irb *pirb);
void ataport_map_buffer(struct ataport_channel *ch, struct ataport_irb *pirb);
void ataport_unmap_buffer(struct ataport_channel *ch, struct ataport_irb *pirb,
			  struct ata_queued_cmd *qc);
int ataport_irbs_create(struct ataport_channel *ch, unsigned int depth,
			size_t ext_size);
void ataport_memory_free(struct ataport_channel *ch);

/* queue.c: pauses */
void ataport_hold(struct ataport_channel *ch, struct ataport_irb *pirb);
ATAPORT_TIMED_OUT_TYPE ataport_timed_out(struct scsi_cmnd *cmd);
void ataport_start_held(struct ataport_channel *ch);
void ataport_drop_held(struct ataport_channel *ch);
void ataport_requeue_held(struct ataport_channel *ch, const struct scsi_cmnd *but);
void ataport_pauses_init(struct ataport_channel *ch);
void ataport_pauses_stop(struct ataport_channel *ch);

/* Requests of @target wait until it is woken.  LOCKING: channel lock. */
static inline bool ataport_asleep(struct ataport_channel *ch, unsigned int target)
{
	return test_bit(ATAPORT_PAUSED_ASLEEP(target), &ch->paused);
}

/* Requests of @target wait.  LOCKING: channel lock. */
static inline bool ataport_paused(struct ataport_channel *ch, unsigned int target)
{
	unsigned long paused = READ_ONCE(ch->paused);

	return unlikely(paused) && paused & (BIT(target) | BIT(ATAPORT_PAUSED_BY_CONTROL) |
					     BIT(ATAPORT_PAUSED_ASLEEP(target)));
}

/**
 * ataport_log() - keep an event of a channel for debugfs
 * @ch: channel
 * @what: &enum ataport_log_event
 * @a: IRB index, or what belongs to the event
 * @b: IRB function
 * @c: IRB status
 *
 * LOCKING: any.  Two events at once may cost one of them or tear it; they are
 * for eyes, and not worth a locked instruction each.
 */
static inline void ataport_log(struct ataport_channel *ch, u8 what, u8 a, u16 b, u8 c)
{
	unsigned int head = READ_ONCE(ch->log_head) + 1;
	struct ataport_log_entry *e = &ch->log[head % ATAPORT_LOG_SIZE];

	WRITE_ONCE(ch->log_head, head);
	WRITE_ONCE(e->when, (u32)jiffies);
	WRITE_ONCE(e->what, what);
	WRITE_ONCE(e->a, a);
	WRITE_ONCE(e->b, b);
	WRITE_ONCE(e->c, c);
}

/* debugfs.c */
void ataport_debugfs_add(struct ataport_controller *ctl);
void ataport_debugfs_remove(struct ataport_controller *ctl);
void ataport_debugfs_init(void);
void ataport_debugfs_exit(void);

/* control.c: private I/O control, process context unless said */
int ataport_control_ioctl(struct ataport_channel *ch, unsigned int target,
			  struct ataport_ioctl *arg);
void ataport_control_close(struct ataport_channel *ch);
void ataport_control_exit(struct ataport_channel *ch);
void ataport_control_init(struct ataport_channel *ch);
void ataport_control_finish(struct ataport_channel *ch,
			    struct ataport_irb *pirb);	/* channel lock */
void ataport_control_lost(struct ataport_channel *ch,
			  struct ataport_irb *pirb);	/* channel lock */
void ataport_control_drop(struct ataport_irb *pirb);	/* channel lock */

/* ioctl.c: nodes, process context */
int ataport_ioctl(struct scsi_device *sdev, unsigned int cmd, void __user *user);
int ataport_node_add(struct ataport_controller *ctl);
void ataport_node_remove(struct ataport_controller *ctl);

/* values.c, registry.c: process context */
int ataport_registry_load(struct ataport_miniport *mp);
void ataport_registry_exit(void);
void ataport_registry_release(struct ataport_channel *ch);

#endif /* ATAPORT_H */
