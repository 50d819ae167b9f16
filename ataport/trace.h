/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace.h - tracepoints of the port driver, system "ataport"
 *
 * Plain scalars only, so that a trace file needs no symbols of the machine it
 * came from.  A tracepoint that is off costs a patched-out branch.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ataport

#if !defined(ATAPORT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ATAPORT_TRACE_H

#include <linux/tracepoint.h>

DECLARE_EVENT_CLASS(ataport_irb_class,
	TP_PROTO(const struct ataport_channel *ch, const struct ataport_irb *pirb),
	TP_ARGS(ch, pirb),
	TP_STRUCT__entry(
		__field(unsigned int, port)
		__field(unsigned int, channel)
		__field(unsigned int, target)
		__field(unsigned int, irb)
		__field(unsigned int, function)
		__field(unsigned int, flags)
		__field(unsigned int, length)
		__field(unsigned int, status)
	),
	TP_fast_assign(
		__entry->port = ch->ap->print_id;
		__entry->channel = ch->number;
		__entry->target = pirb->target;
		__entry->irb = pirb->index;
		__entry->function = pirb->function;
		__entry->flags = pirb->irb.IrbFlags;
		__entry->length = pirb->irb.DataTransferLength;
		__entry->status = pirb->irb.IrbStatus;
	),
	TP_printk("port=%u channel=%u target=%u irb=%u function=%#x flags=%#x length=%u status=%#x",
		  __entry->port, __entry->channel, __entry->target, __entry->irb,
		  __entry->function, __entry->flags, __entry->length, __entry->status)
);

/* The miniport gets an IRB. */
DEFINE_EVENT(ataport_irb_class, ataport_irb_issue,
	TP_PROTO(const struct ataport_channel *ch, const struct ataport_irb *pirb),
	TP_ARGS(ch, pirb));

/* It has come back and is given to whom it belongs. */
DEFINE_EVENT(ataport_irb_class, ataport_irb_complete,
	TP_PROTO(const struct ataport_channel *ch, const struct ataport_irb *pirb),
	TP_ARGS(ch, pirb));

DECLARE_EVENT_CLASS(ataport_callback_class,
	TP_PROTO(const struct ataport_channel *ch, int type, unsigned int value),
	TP_ARGS(ch, type, value),
	TP_STRUCT__entry(
		__field(unsigned int, channel)
		__field(int, type)
		__field(unsigned int, value)
	),
	TP_fast_assign(
		__entry->channel = ch->number;
		__entry->type = type;
		__entry->value = value;
	),
	TP_printk("channel=%u type=%d value=%u",
		  __entry->channel, __entry->type, __entry->value)
);

/* A callback was accepted; value is the time of a timer in microseconds. */
DEFINE_EVENT(ataport_callback_class, ataport_callback_request,
	TP_PROTO(const struct ataport_channel *ch, int type, unsigned int value),
	TP_ARGS(ch, type, value));

/* A callback is run, at once or after it had to wait. */
DEFINE_EVENT(ataport_callback_class, ataport_callback_run,
	TP_PROTO(const struct ataport_channel *ch, int type, unsigned int value),
	TP_ARGS(ch, type, value));

/* A reset has ended: requests held before, hardware touched, result. */
TRACE_EVENT(ataport_reset,
	TP_PROTO(const struct ataport_channel *ch, unsigned int held, bool hardware, bool ok),
	TP_ARGS(ch, held, hardware, ok),
	TP_STRUCT__entry(
		__field(unsigned int, channel)
		__field(unsigned int, held)
		__field(bool, hardware)
		__field(bool, ok)
	),
	TP_fast_assign(
		__entry->channel = ch->number;
		__entry->held = held;
		__entry->hardware = hardware;
		__entry->ok = ok;
	),
	TP_printk("channel=%u held=%u hardware=%d ok=%d", __entry->channel,
		  __entry->held, __entry->hardware, __entry->ok)
);

/* A power action; channel is 32 and port 0 for the adapter. */
TRACE_EVENT(ataport_control,
	TP_PROTO(unsigned int port, unsigned int channel, int action, bool ok),
	TP_ARGS(port, channel, action, ok),
	TP_STRUCT__entry(
		__field(unsigned int, port)
		__field(unsigned int, channel)
		__field(int, action)
		__field(bool, ok)
	),
	TP_fast_assign(
		__entry->port = port;
		__entry->channel = channel;
		__entry->action = action;
		__entry->ok = ok;
	),
	TP_printk("port=%u channel=%u action=%d ok=%d", __entry->port,
		  __entry->channel, __entry->action, __entry->ok)
);

/* AtaPortNotification; target is 255 for all of the channel. */
TRACE_EVENT(ataport_notification,
	TP_PROTO(const struct ataport_channel *ch, int type, unsigned int target),
	TP_ARGS(ch, type, target),
	TP_STRUCT__entry(
		__field(unsigned int, channel)
		__field(int, type)
		__field(unsigned int, target)
	),
	TP_fast_assign(
		__entry->channel = ch->number;
		__entry->type = type;
		__entry->target = target;
	),
	TP_printk("channel=%u type=%d target=%u", __entry->channel,
		  __entry->type, __entry->target)
);

/* A registry value was read or written by a miniport. */
TRACE_EVENT(ataport_registry,
	TP_PROTO(const struct ataport_channel *ch, bool write, unsigned int type,
		 unsigned int length, bool ok),
	TP_ARGS(ch, write, type, length, ok),
	TP_STRUCT__entry(
		__field(unsigned int, channel)
		__field(bool, write)
		__field(unsigned int, type)
		__field(unsigned int, length)
		__field(bool, ok)
	),
	TP_fast_assign(
		__entry->channel = ch->number;
		__entry->write = write;
		__entry->type = type;
		__entry->length = length;
		__entry->ok = ok;
	),
	TP_printk("channel=%u write=%d type=%u length=%u ok=%d", __entry->channel,
		  __entry->write, __entry->type, __entry->length, __entry->ok)
);

/* AtaPortTraceNotification, and what a call can pass in registers. */
TRACE_EVENT(ataport_trace_notification,
	TP_PROTO(const struct ataport_channel *ch, unsigned int type,
		 const unsigned long *value),
	TP_ARGS(ch, type, value),
	TP_STRUCT__entry(
		__field(unsigned int, channel)
		__field(unsigned int, type)
		__field(unsigned long, a)
		__field(unsigned long, b)
		__field(unsigned long, c)
		__field(unsigned long, d)
	),
	TP_fast_assign(
		__entry->channel = ch->number;
		__entry->type = type;
		__entry->a = value[0];
		__entry->b = value[1];
		__entry->c = value[2];
		__entry->d = value[3];
	),
	TP_printk("channel=%u type=%u values=%#lx %#lx %#lx %#lx", __entry->channel,
		  __entry->type, __entry->a, __entry->b, __entry->c, __entry->d)
);

#endif /* ATAPORT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
