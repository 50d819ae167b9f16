// SPDX-License-Identifier: GPL-2.0-only
/*
 * units - KUnit's tests of the text form of registry values
 *
 * ataport/values.c is compiled in here, as it is: what goes in as text has to
 * come out as text that brings it back, whatever it is.
 */
#include <kunit/test.h>
#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

/* Nobody else is to link to this copy. */
#undef EXPORT_SYMBOL_GPL
#define EXPORT_SYMBOL_GPL(_symbol)
#include "values.c"

/* The same ones each time, with the seed to change by hand. */
static u32 units_seed = 1;

static u32 units_random(u32 below)
{
	units_seed = units_seed * 1664525 + 1013904223;
	return (units_seed >> 8) % below;
}

struct units {
	struct ataport_miniport	mp;
	struct kernel_param	kp;
	char			*page;
};

static struct units *units_new(struct kunit *test, const char *defaults)
{
	struct units *u = kunit_kzalloc(test, sizeof(*u), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, u);
	/* sysfs_emit_at() wants a page. */
	u->page = (char *)get_zeroed_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, u->page);
	u->mp.name = "units";
	u->mp.registry.defaults = defaults;
	mutex_init(&u->mp.registry.lock);
	INIT_LIST_HEAD(&u->mp.registry.values);
	u->kp.arg = &u->mp;
	return u;
}

static void units_free(struct units *u)
{
	ataport_registry_param_free(&u->mp);
	mutex_destroy(&u->mp.registry.lock);
	free_page((unsigned long)u->page);
}

static int units_set(struct units *u, const char *text)
{
	return ataport_registry_param_set(text, &u->kp);
}

static const char *units_get(struct units *u)
{
	u->page[ataport_registry_param_get(u->page, &u->kp)] = 0;
	return u->page;
}

static void units_taken(struct kunit *test)
{
	static const struct {
		const char *in, *out;
	} texts[] = {
		{ "", "" },
		{ " \n;;\n", "" },
		{ "# a word", "" },
		{ "Controller0\\A=dword:16", "Controller0\\A=dword:0x10\n" },
		{ "Controller0\\A=dword:0", "Controller0\\A=dword:0x0\n" },
		{ "controller17\\CHANNEL3\\a b=sz:x y", "controller17\\CHANNEL3\\a b=sz:x y\n" },
		{ "Controller0\\A=sz:", "Controller0\\A=sz:\n" },
		{ "Controller0\\A=sz: x", "Controller0\\A=sz: x\n" },
		{ "Controller0\\A=sz-hex:61,00,00,00", "Controller0\\A=sz:a\n" },
		{ "Controller0\\A=sz-hex:61", "Controller0\\A=sz-hex:61\n" },
		{ "Controller0\\A=sz-hex:3b000000", "Controller0\\A=sz-hex:3b,00,00,00\n" },
		{ "Controller0\\A=hex:", "Controller0\\A=hex:\n" },
		{ "Controller0\\A=hex:0Af0", "Controller0\\A=hex:0a,f0\n" },
		{ "Controller0\\A=dword:1;Controller0\\a=dword:2", "Controller0\\a=dword:0x2\n" },
		{ "Controller0\\A=dword:1\nController0\\A=", "" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct units *u = units_new(test, NULL);

		KUNIT_EXPECT_EQ_MSG(test, units_set(u, texts[i].in), 0, "\"%s\"", texts[i].in);
		KUNIT_EXPECT_STREQ(test, units_get(u), texts[i].out);
		units_free(u);
	}
}

static void units_refused(struct kunit *test)
{
	static const struct {
		const char *text;
		int rc;
	} texts[] = {
		{ "x", -EINVAL },
		{ "=dword:1", -EINVAL },
		{ "Controller\\A=dword:1", -EINVAL },
		{ "Controller0A=dword:1", -EINVAL },
		{ "Controller0\\=dword:1", -EINVAL },
		{ "Controller0\\A\\B=dword:1", -EINVAL },
		{ "Controller0\\Channel0\\=dword:1", -EINVAL },
		{ "Controller0\\A=word:1", -EINVAL },
		{ "Controller0\\A=dword:", -EINVAL },
		{ "Controller0\\A=dword:0x100000000", -ERANGE },
		{ "Controller0\\A=hex:0", -EINVAL },
		{ "Controller0\\A=hex:0,1", -EINVAL },
		{ "Controller0\\A=sz-hex:g0", -EINVAL },
		{ "Controller0\\A=", -ENOENT },
	};
	struct units *u = units_new(test, NULL);
	unsigned int i;

	KUNIT_ASSERT_EQ(test, units_set(u, "Controller0\\Kept=dword:1"), 0);
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		KUNIT_EXPECT_EQ_MSG(test, units_set(u, texts[i].text), texts[i].rc, "\"%s\"",
				    texts[i].text);
	KUNIT_EXPECT_STREQ(test, units_get(u), "Controller0\\Kept=dword:0x1\n");
	units_free(u);
}

/* The longest data there may be, and one more. */
static void units_longest(struct kunit *test)
{
	static const char head[] = "Controller0\\A=hex:";
	size_t size = sizeof(head) + 2 * ATAPORT_REGISTRY_MAX_DATA + 2;
	struct units *u = units_new(test, NULL);
	char *text = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	memset(text, 'a', size - 1);
	memcpy(text, head, sizeof(head) - 1);
	KUNIT_EXPECT_EQ(test, units_set(u, text), -E2BIG);
	KUNIT_EXPECT_STREQ(test, units_get(u), "");
	text[size - 3] = 0;
	KUNIT_EXPECT_EQ(test, units_set(u, text), 0);
	KUNIT_EXPECT_EQ(test, strlen(units_get(u)), sizeof(head) + 3 * ATAPORT_REGISTRY_MAX_DATA - 1);
	units_free(u);
}

/* A value as a miniport may write it: any bytes. */
static void units_write(struct kunit *test, struct units *u, unsigned int number)
{
	static const u8 types[] = { IDE_REG_DWORD, IDE_REG_SZ, IDE_REG_BINARY };
	u8 type = types[units_random(ARRAY_SIZE(types))];
	unsigned int length = type == IDE_REG_DWORD ? 4 : units_random(200), i;
	bool plain = units_random(2);
	char path[32];
	u8 data[200];

	for (i = 0; i < length; i++)
		data[i] = plain && i % 2 ? 0 : plain ? ' ' + units_random(95) : units_random(256);
	if (plain && length >= 2 && !(length % 2))
		data[length - 2] = 0;
	snprintf(path, sizeof(path), "Controller0\\Name %u", number);
	mutex_lock(&u->mp.registry.lock);
	KUNIT_EXPECT_EQ(test, ataport_value_set(&u->mp.registry, path, type, data, length), 0);
	mutex_unlock(&u->mp.registry.lock);
}

static void units_round_trip(struct kunit *test)
{
	unsigned int round, i;

	for (round = 0; round < 2000; round++) {
		struct units *from = units_new(test, NULL), *to = units_new(test, NULL);
		struct ataport_value *a, *b;

		for (i = 0; i < 4; i++)
			units_write(test, from, i);
		KUNIT_ASSERT_EQ(test, units_set(to, units_get(from)), 0);
		KUNIT_EXPECT_STREQ(test, units_get(to), from->page);
		mutex_lock(&to->mp.registry.lock);
		list_for_each_entry(a, &from->mp.registry.values, list) {
			b = ataport_value_find(&to->mp.registry, a->path);
			KUNIT_EXPECT_TRUE(test, b && b->type == a->type && b->length == a->length &&
					  !memcmp(b->data, a->data, a->length));
		}
		mutex_unlock(&to->mp.registry.lock);
		units_free(from);
		units_free(to);
	}
}

/* Pieces of the form in any order: refused or taken, and then it comes out and goes in again. */
static void units_any_text(struct kunit *test)
{
	static const char * const pieces[] = {
		"Controller", "0", "12345678901", "\\", "Channel", "A", "=", "dword:", "sz:", "hex:",
		"sz-hex:", "f", "0a", ",", ";", "\n", " ", "#", "-1", "0x",
	};
	struct units *u = units_new(test, NULL);
	unsigned int round, n, at;
	char text[256];

	for (round = 0; round < 300; round++) {
		*text = 0;
		for (n = units_random(24), at = 0; n; n--)
			at += scnprintf(text + at, sizeof(text) - at, "%s",
					pieces[units_random(ARRAY_SIZE(pieces))]);
		units_set(u, text);
		KUNIT_EXPECT_EQ(test, units_set(u, units_get(u)), 0);
	}
	units_free(u);
}

/* What a load has left is what the next one begins with, in place of the defaults. */
static void units_kept(struct kunit *test)
{
	struct units *u = units_new(test, "Controller0\\A=dword:1");

	KUNIT_EXPECT_EQ(test, ataport_registry_load(&u->mp), 0);
	KUNIT_EXPECT_STREQ(test, units_get(u), "Controller0\\A=dword:0x1\n");
	KUNIT_EXPECT_EQ(test, units_set(u, "Controller0\\B=sz:b"), 0);
	u->mp.registry.registered = true;
	units_free(u);

	u = units_new(test, "Controller0\\A=dword:2");
	KUNIT_EXPECT_EQ(test, ataport_registry_load(&u->mp), 0);
	KUNIT_EXPECT_STREQ(test, units_get(u), "Controller0\\A=dword:0x1\nController0\\B=sz:b\n");
	units_free(u);
	ataport_registry_exit();

	u = units_new(test, "Controller0\\A=dword:2");
	KUNIT_EXPECT_EQ(test, ataport_registry_load(&u->mp), 0);
	KUNIT_EXPECT_STREQ(test, units_get(u), "Controller0\\A=dword:0x2\n");
	u->mp.registry.registered = false;
	units_free(u);
	ataport_registry_exit();
}

static struct kunit_case units_cases[] = {
	KUNIT_CASE(units_taken),
	KUNIT_CASE(units_refused),
	KUNIT_CASE(units_longest),
	KUNIT_CASE(units_round_trip),
	KUNIT_CASE(units_any_text),
	KUNIT_CASE(units_kept),
	{ }
};

static struct kunit_suite units_suite = {
	.name = "ataport-values",
	.test_cases = units_cases,
};
kunit_test_suites(&units_suite);

MODULE_DESCRIPTION("KUnit's tests of registry values as text");
MODULE_LICENSE("GPL");
