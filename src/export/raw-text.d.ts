/** A file of the project as its text. */
declare module '*?raw' {
  const text: string;
  export default text;
}
