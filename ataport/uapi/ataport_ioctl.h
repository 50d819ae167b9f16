/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Private I/O control of a miniport, from user space.
 *
 * On a disk's node (/dev/sdX) the request goes to that disk; on a
 * controller's node (/dev/ataport<N>) to the channel and target named in it,
 * whether there is a device or not.  The caller needs CAP_SYS_RAWIO.
 *
 * The miniport gets an IRB_FUNCTION_MINIPORT_IOCTL whose data buffer holds
 * what @data points to: struct ataport_io_control and whatever follows it.
 * When it is done, all of it is copied back.  No other request of the channel
 * is outstanding meanwhile.
 *
 * errno	means
 * EPERM	no CAP_SYS_RAWIO
 * EINVAL	a size, header or reserved field is not as said here
 * ENODEV	no such channel, or it is being stopped
 * EBUSY	an earlier request has not come back, the channel is suspended,
 *		or the miniport says busy
 * EINTR	a signal came; the request goes on, if it was not still waiting
 *		for its turn
 * ETIMEDOUT	not done in time; the channel was reset
 * EOPNOTSUPP	the miniport does not know the request
 * EIO		the miniport says error; @status tells which
 */
#ifndef _UAPI_ATAPORT_IOCTL_H
#define _UAPI_ATAPORT_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define ATAPORT_IOCTL_MAX_SIZE	(64 * 1024)
/* Seconds: held requests of the disk would time out soon after. */
#define ATAPORT_IOCTL_MAX_TIME	20

/**
 * struct ataport_io_control - IDE_IO_CONTROL, at the head of the data
 * @header_length: bytes of this structure
 * @signature: tells the miniport's own controls from others
 * @timeout: seconds, 1 to ATAPORT_IOCTL_MAX_TIME
 * @control_code: what to do
 * @return_status: the miniport's answer
 * @data_length: bytes that follow
 */
struct ataport_io_control {
	__u32	header_length;
	__u8	signature[8];
	__u32	timeout;
	__u32	control_code;
	__u32	return_status;
	__u32	data_length;
};

/**
 * struct ataport_ioctl - argument of ATAPORT_IOC_MINIPORT
 * @channel: channel number; 0 on a disk's node
 * @target: target; 0 on a disk's node
 * @size: bytes at @data, header and data
 * @status: receives the IrbStatus
 * @data: address of the header
 */
struct ataport_ioctl {
	__u32	channel;
	__u32	target;
	__u32	size;
	__u32	status;
	__u64	data;
};

#define ATAPORT_IOC_MINIPORT	_IOWR(0xda, 0x01, struct ataport_ioctl)

#endif /* _UAPI_ATAPORT_IOCTL_H */
