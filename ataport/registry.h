/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * registry.h - registry values: values.c keeps them, registry.c is what a
 * miniport sees of them
 */
#ifndef ATAPORT_REGISTRY_H
#define ATAPORT_REGISTRY_H

#include <linux/list.h>
#include <linux/types.h>

struct ataport_registry;

#define ATAPORT_REGISTRY_MAX_DATA	1024
#define ATAPORT_REGISTRY_MAX_NAME	64
/* Of the text of a value in an event, which has 2 KiB for everything. */
#define ATAPORT_REGISTRY_MAX_EVENT	1024
/* Of a whole path: two keys and a name. */
#define ATAPORT_REGISTRY_MAX_PATH	(ATAPORT_REGISTRY_MAX_NAME + 32)

struct ataport_value {
	struct list_head	list;
	char			path[ATAPORT_REGISTRY_MAX_PATH];
	u8			type;
	unsigned int		length;
	u8			data[];
};

/* All with the lock of the registry. */
struct ataport_value *ataport_value_find(struct ataport_registry *reg, const char *path);
int ataport_value_set(struct ataport_registry *reg, const char *path, u8 type,
		      const void *data, unsigned int length);
int ataport_format_value(char *page, int at, const struct ataport_value *v);
size_t ataport_format_room(const struct ataport_value *v);

#endif /* ATAPORT_REGISTRY_H */
