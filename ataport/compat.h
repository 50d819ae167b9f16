/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compat.h - every test of the kernel's version, and nothing else
 *
 * Each entry bears the newest upstream name and says which release brought
 * the change.  Files of the driver use only these names.
 */
#ifndef ATAPORT_COMPAT_H
#define ATAPORT_COMPAT_H

#include <linux/version.h>
#include <linux/hrtimer.h>
#include <linux/libata.h>
#include <linux/pci.h>
#include <linux/workqueue.h>
#include <scsi/scsi_host.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "ataport needs Linux 6.1 or newer: build against a newer kernel"
#endif

/* The newest release that the tests have been run on; fixes of it may follow. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0) && !defined(ATAPORT_ANY_KERNEL)
#error "ataport was tested up to Linux 7.2: KCFLAGS=-DATAPORT_ANY_KERNEL builds it all the same"
#endif

/* hex2bin() has a header of its own, which <linux/kernel.h> includes in 6.12 and no more in 7.2. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/hex.h>
#endif

/* 6.12 has the managed form, 6.16 ended that pci_request_regions() is one at times. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define pcim_request_all_regions	pci_request_regions
#endif

/* 6.3 renamed ATA_QCFLAG_FAILED: the flag means "owned by the error handler". */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define ATA_QCFLAG_EH		ATA_QCFLAG_FAILED
#endif

/*
 * 6.3 keeps in a flag of the device whether FUA may be used, which IDENTIFY told
 * before; of 6.1, Debian's 6.1.192 has that too.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 192) || \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0))
#define ATAPORT_NO_FUA(_dev)	((_dev)->id[ATA_ID_CFSSE] &= ~BIT(6))
#else
#define ATAPORT_NO_FUA(_dev)	((_dev)->flags &= ~ATA_DFLAG_FUA)
#endif

/* 6.3 made ->qc_fill_rtf() return nothing. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define ATAPORT_FILL_RTF_TYPE	bool
#define ATAPORT_FILL_RTF_VALUE	true
#else
#define ATAPORT_FILL_RTF_TYPE	void
#define ATAPORT_FILL_RTF_VALUE
#endif

/* 6.10 hands the queue limits to the slave_configure step, 6.14 renames it. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define ATAPORT_SDEV_CONFIGURE	slave_configure
#define ATAPORT_DEFINE_SDEV_CONFIGURE(_name)				\
	int _name(struct scsi_device *sdev)
#define ATAPORT_ATA_SDEV_CONFIGURE(_sdev)	ata_scsi_slave_config(_sdev)
#define ATAPORT_LIMIT_SEGMENTS(_sdev, _nr)				\
	blk_queue_max_segments((_sdev)->request_queue,			\
		min_t(unsigned int, _nr,				\
		      queue_max_segments((_sdev)->request_queue)))
#define ATAPORT_LIMIT_ALIGNMENT(_sdev, _mask)				\
	blk_queue_update_dma_alignment((_sdev)->request_queue, _mask)
#else
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define ATAPORT_SDEV_CONFIGURE	device_configure
#define ATAPORT_ATA_SDEV_CONFIGURE(_sdev)	ata_scsi_device_configure(_sdev, lim)
#else
#define ATAPORT_SDEV_CONFIGURE	sdev_configure
#define ATAPORT_ATA_SDEV_CONFIGURE(_sdev)	ata_scsi_sdev_configure(_sdev, lim)
#endif
#define ATAPORT_DEFINE_SDEV_CONFIGURE(_name)				\
	int _name(struct scsi_device *sdev, struct queue_limits *lim)
#define ATAPORT_LIMIT_SEGMENTS(_sdev, _nr)				\
	(lim->max_segments = min_t(unsigned int, _nr, lim->max_segments))
/* 6.18 takes the alignment of addresses for one of lengths, too, which are those of a sector. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
#define ATAPORT_LIMIT_ALIGNMENT(_sdev, _mask)				\
	(lim->dma_alignment = max_t(unsigned int, _mask, lim->dma_alignment))
#else
#define ATAPORT_LIMIT_ALIGNMENT(_sdev, _mask)				\
	(lim->dma_alignment = max_t(unsigned int,			\
		min_t(unsigned int, _mask, ATA_SECT_SIZE - 1), lim->dma_alignment))
#endif
#endif

/* 6.2 gave the answer to a time-out a type of the SCSI layer's. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define ATAPORT_TIMED_OUT_TYPE	enum blk_eh_timer_return
#define ATAPORT_NOT_IN_TIME	BLK_EH_DONE
#define ATAPORT_TIMER_RESET	BLK_EH_RESET_TIMER
#else
#define ATAPORT_TIMED_OUT_TYPE	enum scsi_timeout_action
#define ATAPORT_NOT_IN_TIME	SCSI_EH_NOT_HANDLED
#define ATAPORT_TIMER_RESET	SCSI_EH_RESET_TIMER
#endif
/* 7.x takes back then what libata has put off.  Fixes of older ones may, too: Kbuild looks. */
#ifdef ATAPORT_LIBATA_TIMED_OUT
#define ATAPORT_TIMED_OUT(_cmd)	ata_scsi_eh_timed_out(_cmd)
#define ATAPORT_SHT_TIMED_OUT	.eh_timed_out = ata_scsi_eh_timed_out,
#else
#define ATAPORT_TIMED_OUT(_cmd)	ATAPORT_NOT_IN_TIME
#define ATAPORT_SHT_TIMED_OUT
#endif

/* 6.14 turned the tag policy into a flag and renamed the slave_* pair. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define ATAPORT_SHT_RENAMED					\
	.tag_alloc_policy	= BLK_TAG_ALLOC_RR,		\
	.slave_alloc		= ata_scsi_slave_alloc,		\
	.slave_destroy		= ata_scsi_slave_destroy
#else
#define ATAPORT_SHT_RENAMED					\
	.tag_alloc_policy_rr	= true,				\
	.sdev_init		= ata_scsi_sdev_init,		\
	.sdev_destroy		= ata_scsi_sdev_destroy
#endif

/* 6.17 gathered the reset methods in a structure of their own. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define ATAPORT_OPS_HARDRESET	hardreset
#define ATAPORT_OPS_SOFTRESET	softreset
#else
#define ATAPORT_OPS_HARDRESET	reset.hardreset
#define ATAPORT_OPS_SOFTRESET	reset.softreset
#endif

/* 6.17 wants to be told that work stays on its processor, and 7.x warns where it is not. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define ATAPORT_WQ_PERCPU	0
#else
#define ATAPORT_WQ_PERCPU	WQ_PERCPU
#endif

/* 6.13 joined hrtimer_init() and the assignment of the function. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/*
 * libata of 7.0, and of stable releases since, keeps a command aside that cannot
 * be queued with others, and has a work item issue it.  Errors take the
 * command back, but leave the item, which a busy processor gets to when the error
 * handler is long done, and which then issues the next such command amid the
 * others.  The item belongs to the port, by 7.2 to the link; the releases are
 * many, so Kbuild looks where it is.
 */
static inline void ataport_forget_deferred(struct ata_port *ap)
{
#ifdef ATAPORT_DEFERRED_WORK
	cancel_work_sync(&ap->ATAPORT_DEFERRED_WORK);
#endif
}

#endif /* ATAPORT_COMPAT_H */
