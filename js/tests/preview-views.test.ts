import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { page } from "../src/preview/html";
import type { PreviewView } from "../src/protocol";
import { drawPreview, forgetModule, pressWith } from "./preview-view";
import { preview, text } from "./previews";

afterEach(() => {
  document.body.replaceChildren();
  forgetModule();
});

const HOSTILE = '<img src=x onerror="alert(1)">';

describe("text", () => {
  it("is shown a part at a time", async () => {
    const { find, click } = await drawPreview({ views: [text("x".repeat(250_000))] });
    expect(find(".oew-raw").textContent).toHaveLength(100_000);
    await click("Show more (40 % shown)");
    expect(find(".oew-raw").textContent).toHaveLength(200_000);
  });

  it("wraps, or does not", async () => {
    const { find } = await drawPreview({ views: [text("a")] });
    expect(find(".oew-raw").className).toContain("oew-raw-wrapped");
    await act(async () => find(".oew-view input").click());
    expect(find(".oew-raw").className).not.toContain("oew-raw-wrapped");
  });

  it("says that it is not all, or none", async () => {
    const cut = await drawPreview({ views: [text("a", false)] });
    expect(cut.find(".oew-view").textContent).toContain("the beginning of the file");
    const empty = await drawPreview({ views: [text("")] });
    expect(empty.find(".oew-view").textContent).toContain("The file is empty.");
  });

  it("is never markup", async () => {
    const { el, find } = await drawPreview({ views: [text(HOSTILE)] });
    expect(find(".oew-raw").textContent).toBe(HOSTILE);
    expect(el.querySelector("img")).toBeNull();
  });
});

describe("facts", () => {
  it("are a list of names and texts", async () => {
    const facts = [
      { name: "Size", text: "42 MB" },
      { name: HOSTILE, text: HOSTILE },
    ];
    const { all, el } = await drawPreview({ views: [{ kind: "facts", label: "About", facts }] });
    expect(all("dt").map(({ textContent }) => textContent)).toEqual(["Size", HOSTILE]);
    expect(all("dd")[0]?.textContent).toBe("42 MB");
    expect(el.querySelector("img")).toBeNull();
  });
});

describe("HTML", () => {
  it("stands in a frame that may do nothing", async () => {
    const { find } = await drawPreview({
      views: [{ kind: "html", label: "Dataset", html: "<b>Dataset</b>" }],
    });
    const frame = find("iframe");
    expect(frame.getAttribute("sandbox")).toBe("");
    expect(frame.getAttribute("title")).toBe("Contents of timeseries.json");
    expect(frame.getAttribute("srcdoc")).toContain("<b>Dataset</b>");
    expect(frame.getAttribute("srcdoc")).toContain("default-src 'none'");
  });

  it("knows whether the card is dark", () => {
    expect(page("", true)).toContain('data-theme="dark"');
    expect(page("", false)).toContain("color-scheme:light");
  });
});

describe("an image", () => {
  const image: PreviewView = {
    kind: "image",
    label: "Image",
    width: 640,
    height: 400,
    alt: "",
    note: "Every second pixel.",
  };

  it("is asked for, shown with its size, and let go of", async () => {
    const made = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:1");
    const revoked = vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => {});
    const { find, update, asked } = await drawPreview({ views: [image] }, [new Uint8Array([1])]);
    expect(asked("preview_image")).toHaveLength(1);
    expect((made.mock.calls[0]?.[0] as Blob).type).toBe("image/png");
    expect(find("img").getAttribute("src")).toBe("blob:1");
    expect(find("img").getAttribute("alt")).toBe("timeseries.json");
    expect(find(".oew-view-tools").textContent).toContain(
      "640 × 400 px · fitted · Every second pixel.",
    );
    await update({ preview: null });
    expect(revoked).toHaveBeenCalledWith("blob:1");
  });

  it("is made larger and smaller, and fitted again", async () => {
    const { find, click } = await drawPreview({ views: [image] }, [new Uint8Array([1])]);
    await click("100 %");
    expect(find("img").style.width).toBe("640px");
    await click("Larger");
    expect(find(".oew-view-tools").textContent).toContain("150 %");
    find(".oew-image").focus();
    await pressWith("-");
    expect(find(".oew-view-tools").textContent).toContain("100 %");
    await pressWith("0");
    expect(find(".oew-view-tools").textContent).toContain("fitted");
  });

  it("says that it cannot be shown, and is asked for again", async () => {
    const { find, click, asked } = await drawPreview({ views: [image] }, [new Uint8Array([1])]);
    await act(async () => void find("img").dispatchEvent(new Event("error")));
    expect(find(".oew-view").textContent).toContain("cannot show this image");
    await click("Try again");
    expect(asked("preview_image")).toHaveLength(2);
  });

  it("says why the kernel has none", async () => {
    const view = await drawPreview();
    view.refuse("preview_image");
    await view.update({ preview: preview({ views: [image] }) });
    await vi.waitFor(() => expect(view.find(".oew-error").textContent).toContain("has expired"));
  });
});
