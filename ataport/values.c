// SPDX-License-Identifier: GPL-2.0-only
/*
 * values.c - registry values of a miniport's service, as text
 *
 * A miniport knows values under Controller<N> and Controller<N>\Channel<M>.
 * Linux has module parameters for that: each miniport module has one called
 * "registry", a list of values in text.  It gives the defaults at insmod or
 * in modprobe.d, and reading or writing it in /sys/module/<name>/parameters
 * shows or changes the store while the driver runs.  What is fixed when the
 * miniport is built stands in its Kbuild file, "miniport-registry", in the
 * same form, and goes in first:
 *
 *	Controller0\Name=dword:0x10
 *	Controller0\Channel1\Name=sz:text
 *	Controller0\Name=hex:00,1f,a0
 *
 * Values are separated by line ends or semicolons; a name without a type, as
 * in "Controller0\Name=", deletes.  Text that would not survive this form is
 * shown and taken as "sz-hex:", its characters of 16 bits byte by byte.
 *
 * A change that a miniport makes is told by a uevent of the PCI function, so
 * that user space can keep it.
 *
 * When a miniport's module goes, its values stay here, under its name, and are
 * what its next load begins with in place of the defaults.
 */
#include <linux/ctype.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "ataport.h"
#include "registry.h"

/* Values of a miniport that is not loaded. */
struct ataport_kept {
	struct list_head	list;
	struct list_head	values;
	char			name[];
};

static LIST_HEAD(ataport_kept);
static DEFINE_MUTEX(ataport_kept_lock);

struct ataport_value *ataport_value_find(struct ataport_registry *reg, const char *path)
{
	struct ataport_value *v;

	lockdep_assert_held(&reg->lock);

	list_for_each_entry(v, &reg->values, list)
		if (!strcasecmp(v->path, path))
			return v;
	return NULL;
}

static void ataport_value_delete(struct ataport_value *v)
{
	list_del(&v->list);
	kfree(v);
}

/* Set a value; a new one replaces the old.  LOCKING: process context. */
int ataport_value_set(struct ataport_registry *reg, const char *path, u8 type,
		      const void *data, unsigned int length)
{
	struct ataport_value *v, *old;

	lockdep_assert_held(&reg->lock);

	if (length > ATAPORT_REGISTRY_MAX_DATA)
		return -E2BIG;
	v = kzalloc(struct_size(v, data, length), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	if (strscpy(v->path, path, sizeof(v->path)) < 0) {
		kfree(v);
		return -ENAMETOOLONG;
	}
	v->type = type;
	v->length = length;
	memcpy(v->data, data, length);
	old = ataport_value_find(reg, path);
	if (old)
		ataport_value_delete(old);
	list_add_tail(&v->list, &reg->values);
	return 0;
}

/* "sz:text" to 16-bit characters with a terminating zero. */
static int ataport_parse_string(const char *text, u16 *to, unsigned int max)
{
	unsigned int n = strlen(text), i;

	if (n + 1 > max)
		return -E2BIG;
	for (i = 0; i <= n; i++)
		to[i] = (u8)text[i];
	return (n + 1) * sizeof(*to);
}

static int ataport_parse_hex(const char *text, u8 *to, unsigned int max)
{
	unsigned int n = 0;

	while (*text) {
		if (n == max)
			return -E2BIG;
		if (!isxdigit(text[0]) || !isxdigit(text[1]) || hex2bin(&to[n++], text, 1))
			return -EINVAL;
		text += 2;
		if (*text == ',')
			text++;
	}
	return n;
}

/* Controller<N>\Name or Controller<N>\Channel<M>\Name */
static bool ataport_path_ok(const char *path)
{
	const char *p = path;
	size_t n;

	if (strncasecmp(p, "Controller", 10) || !isdigit(p[10]))
		return false;
	p += 10 + strspn(p + 10, "0123456789");
	if (*p++ != '\\')
		return false;
	if (!strncasecmp(p, "Channel", 7) && isdigit(p[7])) {
		n = 7 + strspn(p + 7, "0123456789");
		if (p[n] == '\\')
			p += n + 1;
	}
	n = strlen(p);
	return n && n < ATAPORT_REGISTRY_MAX_NAME && !strchr(p, '\\');
}

/* One "path=type:data" of the text form. */
static int ataport_parse_value(struct ataport_registry *reg, char *line, u8 *data)
{
	char *value = line, *path = strsep(&value, "=");
	struct ataport_value *old;
	u32 dword;
	int n;

	if (!value || !ataport_path_ok(path))
		return -EINVAL;
	if (!*value) {
		old = ataport_value_find(reg, path);
		if (!old)
			return -ENOENT;
		ataport_value_delete(old);
		return 0;
	}
	if (!strncmp(value, "dword:", 6)) {
		n = kstrtou32(value + 6, 0, &dword);
		if (n)
			return n;
		return ataport_value_set(reg, path, IDE_REG_DWORD, &dword, sizeof(dword));
	}
	if (!strncmp(value, "sz:", 3)) {
		n = ataport_parse_string(value + 3, (u16 *)data,
					 ATAPORT_REGISTRY_MAX_DATA / sizeof(u16));
		return n < 0 ? n : ataport_value_set(reg, path, IDE_REG_SZ, data, n);
	}
	if (!strncmp(value, "sz-hex:", 7)) {
		n = ataport_parse_hex(value + 7, data, ATAPORT_REGISTRY_MAX_DATA);
		return n < 0 ? n : ataport_value_set(reg, path, IDE_REG_SZ, data, n);
	}
	if (!strncmp(value, "hex:", 4)) {
		n = ataport_parse_hex(value + 4, data, ATAPORT_REGISTRY_MAX_DATA);
		return n < 0 ? n : ataport_value_set(reg, path, IDE_REG_BINARY, data, n);
	}
	return -EINVAL;
}

/* Values separated by semicolons or line ends, from @where. */
static int ataport_registry_parse(struct ataport_miniport *mp, const char *text,
				  const char *where)
{
	char *copy, *rest, *line;
	u8 *data;
	int rc = -ENOMEM;

	lockdep_assert_held(&mp->registry.lock);

	copy = kstrdup(text, GFP_KERNEL);
	data = kmalloc(ATAPORT_REGISTRY_MAX_DATA, GFP_KERNEL);
	if (!copy || !data)
		goto out;

	rc = 0;
	rest = copy;
	while (!rc && (line = strsep(&rest, ";\n"))) {
		line = strim(line);
		/* What a listing says of itself is no value. */
		if (*line && *line != '#')
			rc = ataport_parse_value(&mp->registry, line, data);
		if (rc)
			pr_err("ataport: %s: %s: \"%s\" is not \"Controller<N>\\[Channel<M>\\]Name=dword:|sz:|hex:data\" (%d)\n",
			       mp->name, where, line, rc);
	}
out:
	kfree(data);
	kfree(copy);
	return rc;
}

static struct ataport_kept *ataport_kept_find(const char *name)
{
	struct ataport_kept *kept;

	lockdep_assert_held(&ataport_kept_lock);

	list_for_each_entry(kept, &ataport_kept, list)
		if (!strcmp(kept->name, name))
			return kept;
	return NULL;
}

static void ataport_kept_free(struct ataport_kept *kept)
{
	struct ataport_value *v, *next;

	list_for_each_entry_safe(v, next, &kept->values, list)
		ataport_value_delete(v);
	list_del(&kept->list);
	kfree(kept);
}

/* Take over what an earlier load has left; false if there was none. */
static bool ataport_registry_take_kept(struct ataport_miniport *mp)
{
	struct ataport_kept *kept;
	bool found;

	mutex_lock(&ataport_kept_lock);
	kept = ataport_kept_find(mp->name);
	found = kept;
	if (found) {
		list_splice_init(&kept->values, &mp->registry.values);
		ataport_kept_free(kept);
		/* Even if this load fails. */
		mp->registry.registered = true;
	}
	mutex_unlock(&ataport_kept_lock);
	return found;
}

/* Forget the values of all miniports.  LOCKING: process context, none is loaded. */
void ataport_registry_exit(void)
{
	struct ataport_kept *kept, *next;

	mutex_lock(&ataport_kept_lock);
	list_for_each_entry_safe(kept, next, &ataport_kept, list)
		ataport_kept_free(kept);
	mutex_unlock(&ataport_kept_lock);
}

/*
 * What came with the build, or was left by an earlier load, goes in first, so
 * that the parameter, which the module loader sets before anything of the
 * module runs, overrides it.
 */
static int ataport_registry_load_locked(struct ataport_miniport *mp)
{
	int rc = 0;

	if (!mp->registry.loaded && !ataport_registry_take_kept(mp) && mp->registry.defaults)
		rc = ataport_registry_parse(mp, mp->registry.defaults, "miniport-registry");
	if (!rc)
		mp->registry.loaded = true;
	return rc;
}

/* Put the defaults in, if that has not happened yet.  LOCKING: process context. */
int ataport_registry_load(struct ataport_miniport *mp)
{
	int rc;

	mutex_lock(&mp->registry.lock);
	rc = ataport_registry_load_locked(mp);
	mutex_unlock(&mp->registry.lock);
	return rc;
}

static int ataport_registry_param_set(const char *text, const struct kernel_param *kp)
{
	struct ataport_miniport *mp = kp->arg;
	int rc;

	mutex_lock(&mp->registry.lock);
	rc = ataport_registry_load_locked(mp);
	if (!rc)
		rc = ataport_registry_parse(mp, text ?: "", "registry");
	mutex_unlock(&mp->registry.lock);
	return rc;
}

/* Does text come out of "sz:" as it went in?  Blanks at its ends do not. */
static bool ataport_text_plain(const struct ataport_value *v)
{
	const u16 *text = (const u16 *)v->data;
	unsigned int n = v->length / sizeof(*text), i;

	if (!n || v->length % sizeof(*text) || text[n - 1])
		return false;
	for (i = 0; i + 1 < n; i++)
		if (text[i] > 0x7e || !isprint(text[i]) || text[i] == ';')
			return false;
	return n == 1 || text[n - 2] != ' ';
}

static int ataport_format_bytes(char *page, int at, const struct ataport_value *v)
{
	unsigned int i;

	for (i = 0; i < v->length; i++)
		at += sysfs_emit_at(page, at, "%s%02x", i ? "," : "", v->data[i]);
	return at;
}

/* The text form of a value, at @at in a page. */
int ataport_format_value(char *page, int at, const struct ataport_value *v)
{
	unsigned int i;

	at += sysfs_emit_at(page, at, "%s=", v->path);
	switch (v->type) {
	case IDE_REG_DWORD:
		at += sysfs_emit_at(page, at, "dword:%#x", *(const u32 *)v->data);
		break;
	case IDE_REG_SZ:
		if (!ataport_text_plain(v)) {
			at += sysfs_emit_at(page, at, "sz-hex:");
			return ataport_format_bytes(page, at, v);
		}
		at += sysfs_emit_at(page, at, "sz:");
		for (i = 0; i + 2 < v->length; i += 2)
			at += sysfs_emit_at(page, at, "%c", v->data[i]);
		break;
	default:
		at += sysfs_emit_at(page, at, "hex:");
		return ataport_format_bytes(page, at, v);
	}
	return at;
}

/* More than ataport_format_value() ever takes. */
size_t ataport_format_room(const struct ataport_value *v)
{
	return strlen(v->path) + 3 * v->length + 16;
}

static int ataport_registry_param_get(char *page, const struct kernel_param *kp)
{
	struct ataport_miniport *mp = kp->arg;
	struct ataport_value *v;
	unsigned int left = 0;
	int at = 0;

	mutex_lock(&mp->registry.lock);
	list_for_each_entry(v, &mp->registry.values, list) {
		/* With room for the last line. */
		if (at + ataport_format_room(v) + 32 > PAGE_SIZE) {
			left++;
			continue;
		}
		at = ataport_format_value(page, at, v);
		at += sysfs_emit_at(page, at, "\n");
	}
	if (left)
		at += sysfs_emit_at(page, at, "# %u more values\n", left);
	mutex_unlock(&mp->registry.lock);
	return at;
}

/* The module goes.  Values of one that was never registered are not kept. */
static void ataport_registry_param_free(void *arg)
{
	struct ataport_miniport *mp = arg;
	struct ataport_value *v, *next;
	size_t size = strlen(mp->name) + 1;
	struct ataport_kept *kept = NULL;

	if (mp->registry.registered)
		kept = kmalloc(struct_size(kept, name, size), GFP_KERNEL);
	if (kept) {
		memcpy(kept->name, mp->name, size);
		INIT_LIST_HEAD(&kept->values);
		list_splice_init(&mp->registry.values, &kept->values);
		mutex_lock(&ataport_kept_lock);
		list_add(&kept->list, &ataport_kept);
		mutex_unlock(&ataport_kept_lock);
	}
	list_for_each_entry_safe(v, next, &mp->registry.values, list)
		ataport_value_delete(v);
}

const struct kernel_param_ops ataport_registry_param_ops = {
	.set	= ataport_registry_param_set,
	.get	= ataport_registry_param_get,
	.free	= ataport_registry_param_free,
};
EXPORT_SYMBOL_GPL(ataport_registry_param_ops);
