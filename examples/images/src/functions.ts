import { DeadLetter, defineFunction, HttpError, http, reply, storage } from "@anyfn/core";
import { readImage, thumbnailSize } from "./image.ts";
import { getObject, putObject } from "./store.ts";

/** Takes an image as the raw body and stores it. */
export const uploadImage = defineFunction({
  trigger: http.put("/images/{name+}"),
  handler: async ({ params, body }) => {
    const image = body === undefined ? undefined : readImage(body);
    if (body === undefined || image === undefined)
      throw new HttpError(415, "Send a PNG or GIF image as the body.");
    await putObject("images", `raw/${params.name}`, body);
    return reply({ name: params.name, bytes: body.byteLength, ...image }, { status: 201 });
  },
});

/** Gives an image back, byte for byte. */
export const downloadImage = defineFunction({
  trigger: http.get("/images/{name+}"),
  handler: async ({ params }) => {
    const bytes = await getObject("images", `raw/${params.name}`);
    const image = bytes === undefined ? undefined : readImage(bytes);
    if (bytes === undefined || image === undefined)
      throw new HttpError(404, `There is no image "${params.name}".`);
    return reply(bytes, { headers: { "content-type": image.contentType, "cache-control": "max-age=3600" } });
  },
});

/** Records the thumbnail of every image that arrives in the bucket. */
export const recordThumbnail = defineFunction({
  trigger: storage("images", { on: ["created"], prefix: "raw/" }),
  handler: async ({ bucket, key }, { log }) => {
    const bytes = await getObject(bucket, key);
    if (bytes === undefined) throw new Error(`The object "${key}" cannot be read yet.`);
    const image = readImage(bytes);
    if (image === undefined) throw new DeadLetter(`"${key}" is neither a PNG nor a GIF image.`);
    const record = { key, ...image, thumbnail: thumbnailSize(image, 128) };
    await putObject(
      bucket,
      `thumbnails/${key.slice("raw/".length)}.json`,
      Buffer.from(JSON.stringify(record)),
    );
    log.info("thumbnail recorded", record);
  },
});

/** Shows a thumbnail's record. */
export const getThumbnail = defineFunction({
  trigger: http.get("/thumbnails/{name+}"),
  handler: async ({ params }) => {
    const bytes = await getObject("images", `thumbnails/${params.name}.json`);
    if (bytes === undefined) throw new HttpError(404, `There is no thumbnail of "${params.name}".`);
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  },
});
