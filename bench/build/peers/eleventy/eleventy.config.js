// The same site for Eleventy: lists in pages of 20, years, neighbours, a feed.
import syntaxHighlight from "@11ty/eleventy-plugin-syntaxhighlight";
import anchor from "markdown-it-anchor";
import footnote from "markdown-it-footnote";

const PAGE_SIZE = 20;

const pad = (number) => String(number).padStart(2, "0");

/** Return the slug of a German name. */
function slug(name) {
  const letters = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };
  return name.toLowerCase().replace(/[äöüß]/g, (c) => letters[c]).replace(/[^a-z0-9]+/g, "-");
}

/** Group *posts* (newest first) by what *keys* returns for each. */
function grouped(posts, keys) {
  const groups = new Map();
  for (const post of posts) {
    for (const key of keys(post)) {
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(post);
    }
  }
  return groups;
}

/** Return the pages of the lists of all *groups*. */
function lists(groups, folder) {
  const pages = [];
  for (const [name, posts] of groups) {
    const base = `/${folder}/${slug(name)}/`;
    const count = Math.ceil(posts.length / PAGE_SIZE);
    const url = (number) => (number === 1 ? base : `${base}seite/${number}/`);
    for (let number = 1; number <= count; number += 1) {
      pages.push({
        title: name,
        url: url(number),
        posts: posts.slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE),
        newer: number > 1 ? url(number - 1) : null,
        older: number < count ? url(number + 1) : null,
      });
    }
  }
  return pages;
}

export default function (config) {
  config.addPlugin(syntaxHighlight);
  config.addPassthroughCopy({ static: "/" });
  let markdown;
  config.amendLibrary("md", (md) => {
    markdown = md.set({ typographer: true, quotes: "„“‚‘" }).use(anchor).use(footnote);
  });
  config.addFilter("inline", (text) => markdown.renderInline(text));
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  config.addFilter("germanDay", (date) =>
    [pad(date.getUTCDate()), pad(date.getUTCMonth() + 1), date.getUTCFullYear()].join("."),
  );
  config.addFilter("iso", (date) => date.toISOString());
  config.addFilter("slug", slug);

  const newestFirst = (api) =>
    api.getFilteredByGlob("content/blog/**/*.md").sort((a, b) => b.date - a.date);
  config.addCollection("newest", newestFirst);
  config.addCollection("neighbours", (api) => {
    const posts = newestFirst(api);
    return Object.fromEntries(
      posts.map((post, i) => [post.url, { newer: posts[i - 1], older: posts[i + 1] }]),
    );
  });
  config.addCollection("lists", (api) => {
    const posts = newestFirst(api);
    return [
      ...lists(grouped(posts, (post) => [post.data.category]), "themen"),
      ...lists(grouped(posts, (post) => post.data.keywords), "schlagwort"),
    ];
  });
  config.addCollection("years", (api) =>
    [...grouped(newestFirst(api), (post) => [post.date.getUTCFullYear()])].map(
      ([year, posts]) => ({ year, posts }),
    ),
  );

  return {
    dir: { input: "content", includes: "../_includes", output: "_site" },
    // Posts are Markdown, not templates.
    markdownTemplateEngine: false,
  };
}
