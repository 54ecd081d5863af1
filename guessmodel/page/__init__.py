"""The front end of pages: TypeScript in `src`, built into `dist/page.js`."""
