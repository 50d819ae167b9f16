// SPDX-License-Identifier: GPL-2.0-only
/*
 * registry.c - the registry keys of a miniport's service, as it sees them
 *
 * A miniport knows values under Controller<N> and Controller<N>\Channel<M>;
 * values.c keeps them.  What it writes is announced to user space.
 */
#include <linux/ctype.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ataport.h"
#include "registry.h"
#include "trace.h"

/*
 * Tell user space what a miniport wrote: its path always, the whole in the
 * parameter's form unless that is too much for an event.
 */
static void ataport_registry_announce(struct ataport_channel *ch,
				      const struct ataport_value *v)
{
	char *page = (char *)__get_free_page(GFP_KERNEL);
	char *path = kasprintf(GFP_KERNEL, "ATAPORT_REGISTRY_PATH=%s", v->path);
	char event[] = "ATAPORT_EVENT=registry";
	char *env[4] = { event, path };
	char *text = NULL;

	if (!page || !path)
		goto no_memory;
	if (ataport_format_room(v) < ATAPORT_REGISTRY_MAX_EVENT) {
		ataport_format_value(page, 0, v);
		text = kasprintf(GFP_KERNEL, "ATAPORT_REGISTRY=%s", page);
		if (!text)
			goto no_memory;
		env[2] = text;
	}
	kobject_uevent_env(&ch->ctl->pdev->dev.kobj, KOBJ_CHANGE, env);
	goto out;

no_memory:
	ataport_ch_err(ch, "no memory to announce registry value %s\n", v->path);
out:
	kfree(text);
	kfree(path);
	free_page((unsigned long)page);
}

/* One that the text form can hold. */
static bool ataport_name_ok(const char *name)
{
	size_t n = name ? strnlen(name, ATAPORT_REGISTRY_MAX_NAME) : 0;

	if (!n || n == ATAPORT_REGISTRY_MAX_NAME)
		return false;
	for (; n; n--, name++)
		if (!isascii(*name) || !isprint(*name) || strchr("\\;=", *name))
			return false;
	return true;
}

/* Tells why a call is refused, if it is; may it go on? */
static bool ataport_registry_verdict(struct ataport_channel *ch, enum ataport_rule rule,
				     const char *caller, const char *why)
{
	if (why)
		ataport_report_for(ch, rule, caller, "%s called %s; refused\n", caller, why);
	return !why;
}

/*
 * Are these bytes in the buffer that is given out?  For certain under the
 * interrupt lock, or in a routine that may give it back itself.
 */
static bool ataport_registry_holds(struct ataport_channel *ch, const u8 *bytes, ULONG length)
{
	const u8 *buffer = READ_ONCE(ch->registry_buffer);
	size_t size = READ_ONCE(ch->registry_size);

	return buffer && bytes >= buffer && bytes - buffer <= size &&
	       length <= size - (bytes - buffer);
}

static void ataport_registry_give_out(struct ataport_channel *ch, u8 *buffer, size_t size)
{
	unsigned long flags;

	ataport_irq_lock(ch->ctl, &flags);
	WRITE_ONCE(ch->registry_buffer, buffer);
	WRITE_ONCE(ch->registry_size, size);
	ataport_irq_unlock(ch->ctl, flags);
}

/* Is this a moment, and these a buffer and name, that section 9 allows? */
static bool ataport_registry_check(struct ataport_channel *ch, const char *caller,
				   bool any_routine, const char *name,
				   const u8 *buffer, const ULONG *length)
{
	enum ataport_rule rule = ATAPORT_RULE_REGISTRY_ARGUMENT;
	const char *why = NULL;

	if (!any_routine && ch->passive != current) {
		rule = ATAPORT_RULE_REGISTRY;
		why = "outside AtaChannelInitRoutine and IdeHwControl(IdeStart, IdeStop)";
	} else if (!ataport_name_ok(name)) {
		why = "with a bad value name";
	} else if (!buffer || !length) {
		why = "without a buffer or length";
	} else if (!ataport_registry_holds(ch, buffer, *length)) {
		why = "with a buffer that is not from AtaPortRegistryAllocateBuffer";
	}
	return ataport_registry_verdict(ch, rule, caller, why);
}

/* The same for a write: what is kept has to have a text form that brings it back. */
static bool ataport_registry_check_write(struct ataport_channel *ch, const char *caller,
					 bool any_routine, const char *name, UCHAR type,
					 const u8 *buffer, const ULONG *length)
{
	const char *why = NULL;

	if (!ataport_registry_check(ch, caller, any_routine, name, buffer, length))
		return false;
	if (type == IDE_REG_DWORD && *length != sizeof(u32))
		why = "with a DWORD that is not 4 bytes long";
	else if (type != IDE_REG_DWORD && type != IDE_REG_SZ && type != IDE_REG_BINARY)
		why = "with a type that is none of IDE_REG_SZ, IDE_REG_BINARY and IDE_REG_DWORD";
	else if (*length > ATAPORT_REGISTRY_MAX_DATA)
		why = "with more data than a value may have";
	return ataport_registry_verdict(ch, ATAPORT_RULE_REGISTRY_ARGUMENT, caller, why);
}

static void ataport_registry_path(struct ataport_channel *ch, char *path,
				  UCHAR controller, BOOLEAN channel, const char *name)
{
	if (channel)
		snprintf(path, ATAPORT_REGISTRY_MAX_PATH, "Controller%u\\Channel%u\\%s",
			 controller, ch->number, name);
	else
		snprintf(path, ATAPORT_REGISTRY_MAX_PATH, "Controller%u\\%s",
			 controller, name);
}

/**
 * AtaPortRegistryAllocateBuffer() - get the buffer for registry data
 * @ChannelExtension: channel
 * @BufferSize: bytes
 *
 * See AtaPortRegistryAllocateBuffer in the interface documentation.
 *
 * Return: the buffer, zeroed; NULL while one is given out, without memory,
 * for an absurd size, or outside the routines that may use the registry.
 * LOCKING: process context, in AtaChannelInitRoutine or IdeHwControl.
 */
PVOID AtaPortRegistryAllocateBuffer(PVOID ChannelExtension, ULONG BufferSize)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	u8 *buffer;

	if (!ch)
		return NULL;
	if (ch->passive != current || ch->registry_buffer || !BufferSize ||
	    BufferSize > ATAPORT_MAX_EXTENSION) {
		ataport_report(ch, ch->passive != current ? ATAPORT_RULE_REGISTRY :
			       ATAPORT_RULE_REGISTRY_ARGUMENT, "%s(%u) called %s; refused\n",
			       __func__, BufferSize, ch->passive != current ?
			       "outside AtaChannelInitRoutine and IdeHwControl(IdeStart, IdeStop)" :
			       ch->registry_buffer ? "while a buffer is given out" :
			       "with an absurd size");
		return NULL;
	}
	might_sleep();
	buffer = kvzalloc(BufferSize, GFP_KERNEL);
	if (buffer)
		ataport_registry_give_out(ch, buffer, BufferSize);
	return buffer;
}
EXPORT_SYMBOL_GPL(AtaPortRegistryAllocateBuffer);

static bool ataport_registry_write(struct ataport_channel *ch,
				   const struct ataport_deferred_write *w)
{
	struct ataport_registry *reg = &ch->ctl->mp->registry;
	char path[ATAPORT_REGISTRY_MAX_PATH];
	int rc;

	ataport_registry_path(ch, path, w->controller, w->channel, w->name);
	mutex_lock(&reg->lock);
	rc = ataport_value_set(reg, path, w->type, w->buffer, w->length);
	if (!rc)
		ataport_registry_announce(ch, ataport_value_find(reg, path));
	mutex_unlock(&reg->lock);
	trace_ataport_registry(ch, true, w->type, w->length, !rc);
	return !rc;
}

/**
 * AtaPortRegistryFreeBuffer() - flush deferred writes, give the buffer back
 * @ChannelExtension: channel
 * @Buffer: from AtaPortRegistryAllocateBuffer()
 *
 * See AtaPortRegistryFreeBuffer in the interface documentation.
 *
 * LOCKING: process context, in AtaChannelInitRoutine or IdeHwControl.
 */
void AtaPortRegistryFreeBuffer(PVOID ChannelExtension, PVOID Buffer)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);

	if (!ch)
		return;
	if (ch->passive != current || !Buffer || Buffer != ch->registry_buffer) {
		ataport_report(ch, ch->passive != current ? ATAPORT_RULE_REGISTRY :
			       ATAPORT_RULE_REGISTRY_ARGUMENT, "%s called %s; ignored\n",
			       __func__, ch->passive != current ?
			       "outside AtaChannelInitRoutine and IdeHwControl(IdeStart, IdeStop)" :
			       "for a buffer that is not given out");
		return;
	}
	ataport_registry_release(ch);
}
EXPORT_SYMBOL_GPL(AtaPortRegistryFreeBuffer);

/* Flush deferred writes and free the buffer.  LOCKING: process context. */
void ataport_registry_release(struct ataport_channel *ch)
{
	u8 *buffer = ch->registry_buffer;
	unsigned int i;

	might_sleep();
	/* Some routine that runs beside may be about to add one more. */
	ataport_registry_give_out(ch, NULL, 0);
	for (i = 0; i < ch->nr_deferred; i++)
		if (!ataport_registry_write(ch, &ch->deferred[i]))
			ataport_ch_err(ch, "deferred registry write of %s failed\n",
				       ch->deferred[i].name);
	ch->nr_deferred = 0;
	kvfree(buffer);
}

/**
 * AtaPortRegistryRead() - read a registry value
 * @ChannelExtension: channel
 * @ControllerNumber: N of Controller<N>
 * @ChannelSubKey: TRUE for the channel's key below, FALSE for the controller's
 * @ValueName: name, compared without case
 * @ValueType: IDE_REG_SZ, IDE_REG_BINARY or IDE_REG_DWORD
 * @Buffer: receives the data; in the registry buffer
 * @BufferLength: its size; receives the bytes of the value
 *
 * See AtaPortRegistryControllerKeyRead and AtaPortRegistryChannelSubkeyRead
 * in the interface documentation.
 *
 * Return: FALSE when there is no such value of this type, the buffer is too
 * small (@BufferLength then says what is needed), or the call is not allowed.
 * LOCKING: process context, in AtaChannelInitRoutine or IdeHwControl.
 */
BOOLEAN AtaPortRegistryRead(PVOID ChannelExtension, UCHAR ControllerNumber,
			    BOOLEAN ChannelSubKey, PCHAR ValueName,
			    UCHAR ValueType, PUCHAR Buffer, PULONG BufferLength)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	char path[ATAPORT_REGISTRY_MAX_PATH];
	struct ataport_registry *reg;
	struct ataport_value *v;
	BOOLEAN ok = FALSE;

	if (!ch || !ataport_registry_check(ch, __func__, false, ValueName, Buffer, BufferLength))
		return FALSE;
	might_sleep();
	reg = &ch->ctl->mp->registry;
	ataport_registry_path(ch, path, ControllerNumber, ChannelSubKey, ValueName);
	mutex_lock(&reg->lock);
	v = ataport_value_find(reg, path);
	if (v && v->type == ValueType) {
		ok = v->length <= *BufferLength;
		if (ok)
			memcpy(Buffer, v->data, v->length);
		*BufferLength = v->length;
	}
	mutex_unlock(&reg->lock);
	trace_ataport_registry(ch, false, ValueType, *BufferLength, ok);
	return ok;
}
EXPORT_SYMBOL_GPL(AtaPortRegistryRead);

static void ataport_deferred_fill(struct ataport_deferred_write *w, UCHAR controller,
				  BOOLEAN channel, const char *name, UCHAR type,
				  const u8 *buffer, ULONG length)
{
	w->controller = controller;
	w->channel = channel;
	w->type = type;
	w->buffer = buffer;
	w->length = length;
	strscpy(w->name, name, sizeof(w->name));
}

/**
 * AtaPortRegistryWrite() - write a registry value
 * @ChannelExtension: channel
 * @ControllerNumber: N of Controller<N>
 * @ChannelSubKey: TRUE for the channel's key below, FALSE for the controller's
 * @ValueName: name
 * @ValueType: IDE_REG_SZ, IDE_REG_BINARY or IDE_REG_DWORD
 * @Buffer: the data; in the registry buffer
 * @BufferLength: its size
 *
 * See AtaPortRegistryControllerKeyWrite and AtaPortRegistryChannelSubkeyWrite
 * in the interface documentation.
 *
 * Return: FALSE without memory, for more than 1 KiB, for a DWORD of another
 * length than 4 or an unknown type, or where the call is not allowed.
 * LOCKING: process context, in AtaChannelInitRoutine or IdeHwControl.
 */
BOOLEAN AtaPortRegistryWrite(PVOID ChannelExtension, UCHAR ControllerNumber,
			     BOOLEAN ChannelSubKey, PCHAR ValueName,
			     UCHAR ValueType, PUCHAR Buffer, PULONG BufferLength)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	struct ataport_deferred_write w;

	if (!ch || !ataport_registry_check_write(ch, __func__, false, ValueName, ValueType,
						 Buffer, BufferLength))
		return FALSE;
	might_sleep();
	ataport_deferred_fill(&w, ControllerNumber, ChannelSubKey, ValueName,
			      ValueType, Buffer, *BufferLength);
	return ataport_registry_write(ch, &w);
}
EXPORT_SYMBOL_GPL(AtaPortRegistryWrite);

/* Keep a write for when the buffer is freed.  LOCKING: interrupt lock. */
static bool ataport_deferred_add(struct ataport_channel *ch,
				 const struct ataport_deferred_write *w)
{
	lockdep_assert_held(&ch->ctl->host->lock);

	/* In this order: without a buffer the count is that of who writes them out. */
	if (!ataport_registry_holds(ch, w->buffer, w->length) ||
	    ch->nr_deferred == ATAPORT_DEFERRED_WRITES)
		return false;
	ch->deferred[ch->nr_deferred++] = *w;
	return true;
}

/**
 * AtaPortRegistryWriteDeferred() - write a registry value later
 * @ChannelExtension: channel
 * @ControllerNumber: N of Controller<N>
 * @ChannelSubKey: TRUE for the channel's key below, FALSE for the controller's
 * @ValueName: name
 * @ValueType: IDE_REG_SZ, IDE_REG_BINARY or IDE_REG_DWORD
 * @Buffer: the data; in the registry buffer, and left alone until it is freed
 * @BufferLength: its size
 *
 * See AtaPortRegistryControllerKeyWriteDeferred and
 * AtaPortRegistryChannelSubkeyWriteDeferred in the interface documentation.
 * AtaPortRegistryFreeBuffer does the write.
 *
 * Return: FALSE when ATAPORT_DEFERRED_WRITES are waiting or the call is bad.
 * LOCKING: any but the interrupt lock of another controller, from a routine of
 * the channel.
 */
BOOLEAN AtaPortRegistryWriteDeferred(PVOID ChannelExtension, UCHAR ControllerNumber,
				     BOOLEAN ChannelSubKey, PCHAR ValueName,
				     UCHAR ValueType, PUCHAR Buffer,
				     PULONG BufferLength)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	struct ataport_deferred_write w;
	unsigned long flags;
	bool ok;

	if (!ch || !ataport_registry_check_write(ch, __func__, true, ValueName, ValueType,
						 Buffer, BufferLength))
		return FALSE;
	ataport_deferred_fill(&w, ControllerNumber, ChannelSubKey, ValueName,
			      ValueType, Buffer, *BufferLength);
	if (ataport_irq_held(ch->ctl))
		return ataport_deferred_add(ch, &w);
	if (ataport_refused_under_other_lock(ch, __func__))
		return FALSE;
	ataport_irq_lock(ch->ctl, &flags);
	ok = ataport_deferred_add(ch, &w);
	ataport_irq_unlock(ch->ctl, flags);
	return ok;
}
EXPORT_SYMBOL_GPL(AtaPortRegistryWriteDeferred);
