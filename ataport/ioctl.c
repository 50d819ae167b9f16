// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioctl.c - a miniport's private I/O control, by a disk's or a controller's node
 *
 * A controller may go away while its node is open, or while an ioctl of its
 * disk runs.  Callers therefore go through struct ataport_node, which outlives
 * the controller, and hold its lock for reading as long as they are inside.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/hdreg.h>
#include <linux/idr.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <scsi/scsi_device.h>

#include "ataport.h"
#include "uapi/ataport_ioctl.h"

/**
 * struct ataport_node - a controller's node, and the way to the controller
 * @ref: of the controller, of each open file, of each caller
 * @list: in the list of all nodes
 * @lock: held for reading by callers, for writing to take @ctl away
 * @ctl: NULL once the controller is gone
 * @misc: the node
 * @number: N of its name
 * @name: its name
 */
struct ataport_node {
	struct kref			ref;
	struct list_head		list;
	struct rw_semaphore		lock;
	struct ataport_controller	*ctl;
	struct miscdevice		misc;
	int				number;
	char				name[16];
};

/* Those of controllers that are there. */
static LIST_HEAD(ataport_nodes);
static DEFINE_MUTEX(ataport_nodes_lock);
static DEFINE_IDA(ataport_node_numbers);

static void ataport_node_free(struct kref *ref)
{
	struct ataport_node *node = container_of(ref, struct ataport_node, ref);

	ida_free(&ataport_node_numbers, node->number);
	kfree(node);
}

static void ataport_node_put(struct ataport_node *node)
{
	kref_put(&node->ref, ataport_node_free);
}

/* Get the argument in, find the channel, give the answer back. */
static int ataport_node_ioctl(struct ataport_node *node, struct Scsi_Host *shost,
			      unsigned int target, void __user *user)
{
	struct ataport_channel *ch = NULL;
	struct ataport_ioctl arg;
	unsigned int n;
	int rc = -ENODEV;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	if (shost && (arg.channel || arg.target))
		return -EINVAL;
	if (!shost)
		target = arg.target;
	if (target >= ATAPORT_MAX_TARGETS)
		return -EINVAL;

	down_read(&node->lock);
	for (n = 0; node->ctl && n < node->ctl->nr_channels; n++)
		if (shost ? node->ctl->host->ports[n]->scsi_host == shost : n == arg.channel)
			ch = node->ctl->channels[n];
	if (ch)
		rc = ataport_control_ioctl(ch, target, &arg);
	up_read(&node->lock);

	if (ch && copy_to_user(user, &arg, sizeof(arg)))
		return -EFAULT;
	return rc;
}

/* What libata takes the channel lock for, in a controller that stays for so long. */
static int ataport_locked_ioctl(struct ataport_node *node, struct scsi_device *sdev,
				unsigned int cmd, void __user *user)
{
	int rc = -ENODEV;

	down_read(&node->lock);
	if (node->ctl)
		rc = ata_scsi_ioctl(sdev, cmd, user);
	up_read(&node->lock);
	return rc;
}

/**
 * ataport_ioctl() - ioctl of a disk
 * @sdev: disk, whose controller may be gone by now
 * @cmd: ours goes to the miniport, all others to libata
 * @user: argument
 *
 * LOCKING: process context.
 */
int ataport_ioctl(struct scsi_device *sdev, unsigned int cmd, void __user *user)
{
	struct ataport_node *node;
	bool found = false;
	unsigned int n;
	int rc;

	if (cmd != ATAPORT_IOC_MINIPORT && cmd != HDIO_GET_32BIT && cmd != HDIO_SET_32BIT)
		return ata_scsi_ioctl(sdev, cmd, user);

	/* Look among the controllers that are there. */
	mutex_lock(&ataport_nodes_lock);
	list_for_each_entry(node, &ataport_nodes, list) {
		for (n = 0; n < node->ctl->nr_channels; n++)
			if (node->ctl->host->ports[n]->scsi_host == sdev->host)
				found = true;
		if (found) {
			kref_get(&node->ref);
			break;
		}
	}
	mutex_unlock(&ataport_nodes_lock);
	if (!found)
		return -ENODEV;
	rc = cmd == ATAPORT_IOC_MINIPORT ? ataport_node_ioctl(node, sdev->host, sdev->id, user) :
					   ataport_locked_ioctl(node, sdev, cmd, user);
	ataport_node_put(node);
	return rc;
}

/* misc_open() comes under the lock that misc_deregister() takes. */
static int ataport_node_open(struct inode *inode, struct file *file)
{
	struct ataport_node *node = container_of(file->private_data, struct ataport_node, misc);

	kref_get(&node->ref);
	file->private_data = node;
	return 0;
}

static int ataport_node_release(struct inode *inode, struct file *file)
{
	ataport_node_put(file->private_data);
	return 0;
}

static long ataport_node_unlocked_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != ATAPORT_IOC_MINIPORT)
		return -ENOTTY;
	return ataport_node_ioctl(file->private_data, NULL, 0, (void __user *)arg);
}

static const struct file_operations ataport_node_fops = {
	.owner		= THIS_MODULE,
	.open		= ataport_node_open,
	.release	= ataport_node_release,
	.unlocked_ioctl	= ataport_node_unlocked_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.llseek		= noop_llseek,
};

/**
 * ataport_node_add() - make the node of a controller
 * @ctl: controller, with its channels
 *
 * LOCKING: process context.
 */
int ataport_node_add(struct ataport_controller *ctl)
{
	struct ataport_node *node = kzalloc(sizeof(*node), GFP_KERNEL);
	int rc;

	if (!node)
		return -ENOMEM;
	kref_init(&node->ref);
	init_rwsem(&node->lock);
	node->number = ida_alloc(&ataport_node_numbers, GFP_KERNEL);
	if (node->number < 0) {
		rc = node->number;
		kfree(node);
		return rc;
	}
	snprintf(node->name, sizeof(node->name), "ataport%d", node->number);
	node->ctl = ctl;
	node->misc = (struct miscdevice) {
		.minor	= MISC_DYNAMIC_MINOR,
		.name	= node->name,
		.fops	= &ataport_node_fops,
		.parent	= &ctl->pdev->dev,
		.mode	= 0600,
	};
	rc = misc_register(&node->misc);
	if (rc) {
		ataport_node_put(node);
		return rc;
	}
	mutex_lock(&ataport_nodes_lock);
	list_add(&node->list, &ataport_nodes);
	mutex_unlock(&ataport_nodes_lock);
	ctl->node_ioctl = node;
	return 0;
}

/**
 * ataport_node_remove() - take the node away and see all callers out
 * @ctl: controller, still with libata's ports
 *
 * LOCKING: process context.
 */
void ataport_node_remove(struct ataport_controller *ctl)
{
	struct ataport_node *node = ctl->node_ioctl;
	unsigned int n;

	if (!node)
		return;
	ctl->node_ioctl = NULL;
	misc_deregister(&node->misc);
	mutex_lock(&ataport_nodes_lock);
	list_del(&node->list);
	mutex_unlock(&ataport_nodes_lock);
	for (n = 0; n < ctl->nr_channels; n++)
		if (ctl->channels[n])
			ataport_control_close(ctl->channels[n]);
	down_write(&node->lock);
	node->ctl = NULL;
	up_write(&node->lock);
	for (n = 0; n < ctl->nr_channels; n++)
		if (ctl->channels[n])
			ataport_control_exit(ctl->channels[n]);
	ataport_node_put(node);
}
